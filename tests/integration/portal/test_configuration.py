"""Sync configuration: what is shown, reviewed, saved and refused."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from services.portal.frame.mending import CONFIGURATION, PLACES
from shared.db.account_tables import WarehouseMapping
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.events import REFERENCE_REQUESTED
from shared.notifications import KINDS
from tests.integration.portal.configured import (
    LEEDS,
    ROYAL_MAIL,
    account,
    colleague,
    confirm,
    done_on,
    effects_on,
    fault_on,
    fetch_lists,
    held,
    hold,
    review,
    send,
    trail,
)
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants

ANN = EMAILS[FERNLEAF]
UNLESS = "as far as nothing else stands in the way."
LEEDS_WAITS = "warehouse_undecided:3"


def test_what_is_not_decided_stands_on_top_with_what_waits_for_it(merchants: Merchants) -> None:
    fetch_lists(merchants)
    hold(merchants, LEEDS_WAITS, 5)
    hold(merchants, "shipping_method_unmapped:6", 2)
    for note_id in (1, 2):
        merchants.note(note_id, brightpearl_method="Royal Mail")
    merchants.note(3, brightpearl_method="Royal Mail", inserted_at=NOON - timedelta(days=31))

    page = merchants.viewer().get("/configuration").text

    assert page.index('id="warehouse-3"') < page.index('id="warehouse-4"')
    assert page.index('id="method-6"') < page.index('id="method-5"')
    assert "5 notes wait" in page
    assert "2 notes wait" in page
    row = page.split('id="method-5"')[1].split("</tr>")[0]
    assert 'data-name="Used, 30 days" class="number">2<' in row


def test_a_review_says_exactly_what_the_saving_then_releases(merchants: Merchants) -> None:
    fetch_lists(merchants)
    hold(merchants, LEEDS_WAITS, 37)
    hold(merchants, "order_sync_off", 3)
    hold(merchants, "shipping_method_unmapped:6", 4)
    hold(merchants, LEEDS_WAITS, 9, account_id=HARBOUR)
    client = merchants.viewer()

    page = review(client, warehouse_3="to:W-1", order_sync_on=["off", "on"])
    before = (held(merchants, LEEDS_WAITS), account(merchants).settings_version)
    saved = confirm(client, page)

    assert before == (46, 1)
    assert effects_on(page) == [
        f"3 held orders waiting for order sync will be sent, {UNLESS}",
        "37 held orders waiting for a decision on warehouse Leeds (3) will be sent, " + UNLESS,
    ]
    assert done_on(saved) == (
        f"Saved. 3 held orders that waited for order sync are being sent, {UNLESS} "
        f"37 held orders that waited for a decision on warehouse Leeds (3) are being sent, {UNLESS}"
    )
    assert held(merchants, LEEDS_WAITS) == 9
    assert (held(merchants, "order_sync_off"), held(merchants, "shipping_method_unmapped:6")) == (
        0,
        4,
    )


def test_the_audit_trail_says_what_the_review_said(merchants: Merchants) -> None:
    fetch_lists(merchants)
    client = merchants.viewer()

    page = review(
        client, warehouse_3="to:W-1", method_6_title="Fast", go_live_at="2026-07-01T09:00"
    )
    confirm(client, page)

    entries = trail(merchants)
    assert entries == [
        (ANN, "settings_saved", "Go-live", "not set", "1 Jul 2026 09:00 (Europe/London)"),
        (ANN, "mapping_saved", "Warehouse Leeds (3)", "undecided", "Primary (W-1)"),
        (ANN, "mapping_saved", "Shipping method Next day (6)", "not mapped", "Fast"),
    ]
    for _who, _act, *words in entries:
        assert all(word in page.text for word in words)
    assert account(merchants).go_live_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_an_earlier_go_live_tells_what_it_takes_in(merchants: Merchants) -> None:
    merchants.note(1, order_stage="skipped", order_reason_code="before_go_live")
    merchants.note(2, inserted_at=NOON - timedelta(days=9))
    client = merchants.viewer()

    page = review(client, go_live_at="2026-11-20T00:00")
    saved = confirm(client, page)

    assert effects_on(page) == [
        "1 note skipped as made before go-live will be looked at again.",
        "Brightpearl's notes since 20 Nov 2026 00:00 (UTC) will be compared.",
        "Of the notes known here, 1 came in since that moment.",
    ]
    assert "It takes in 1 note that came in here since" in saved.text


@pytest.mark.parametrize(
    ("field", "text", "fault", "said"),
    [
        ("go_live_at", "soon", "go_live_at", "is no date and time"),
        ("go_live_at", "2029-01-01T00:00", "go_live_at", "more than a year ahead"),
        ("order_sync_on", "maybe", "order_sync_on", "choose on or off"),
        ("order_number_template", "{ref}", "order_number_template", "{ref} is not known"),
        ("order_number_template", "", "order_number_template", "The template is empty"),
        ("release_policy", "later", "release_policy", "choose hold or keep_back"),
        ("shipped_when", "never", "shipped_when", "choose complete or first"),
        ("channel_as", "shop", "channel_as", "choose shop_name or tag"),
        ("packing_note_field", "packing", "packing_note_field", "begins with PCF_"),
        ("gift_note_field", "PCF_A B", "gift_note_field", "begins with PCF_"),
        ("brightpearl_share", "0", "brightpearl_share", "give 1 to 100"),
        ("shiphero_share", "all", "shiphero_share", "is a whole percentage"),
        ("report_at", "7 am", "report_at", "is no time of day"),
        ("report_quiet_days", "maybe", "report_quiet_days", "choose on or off"),
        ("warehouse_3", "to:W-9", "warehouses.3", "W-9 is not known"),
        ("warehouse_3", "nowhere", "warehouses.3", "choose mapped or not_sent or undecided"),
        ("method_6_carrier", "ups", "methods.6", "needs a title for ShipHero"),
        ("method_6_title", "x" * 200, "methods.6", "of at most 128 characters"),
        ("method_6_title", "a\x00b", "methods.6", "one line each"),
    ],
)
def test_a_wrong_field_says_why_and_nothing_is_saved(
    sqlite_merchants: Merchants, field: str, text: str, fault: str, said: str
) -> None:
    fetch_lists(sqlite_merchants)
    client = sqlite_merchants.viewer()
    typed = {"create_products": ["off", "on"], field: text}

    reviewed = review(client, **typed)
    saved = send(client, "/save", version="1", **typed)

    assert (reviewed.status_code, saved.status_code) == (400, 400)
    assert said in fault_on(reviewed, fault)
    assert said in fault_on(saved, fault)
    row = account(sqlite_merchants)
    assert (row.settings_version, row.create_products) == (1, False)
    assert trail(sqlite_merchants) == []


def test_what_was_typed_is_kept_while_something_is_wrong(sqlite_merchants: Merchants) -> None:
    fetch_lists(sqlite_merchants)

    page = review(sqlite_merchants.viewer(), go_live_at="soon", method_6_title="<Fast>").text

    assert 'value="&lt;Fast&gt;"' in page
    assert 'aria-describedby="go_live_at-fault"' in page


def test_a_form_that_nobody_touched_has_nothing_to_review(sqlite_merchants: Merchants) -> None:
    page = review(sqlite_merchants.viewer(), order_sync_on="off", release_policy="hold")

    assert page.status_code == 302
    assert account(sqlite_merchants).settings_version == 1


def test_settings_saved_meanwhile_are_shown_before_anything_is_saved(merchants: Merchants) -> None:
    fetch_lists(merchants)
    client, other = merchants.viewer(), colleague(merchants, "operator")
    page = review(client, warehouse_3="not_sent", channel_as="tag")
    confirm(other, review(other, channel_as="tag"))

    late = confirm(client, page)
    saved = confirm(client, late)

    assert "saved by somebody else" in late.text
    assert "Sales channel" not in late.text.split("What changes")[1]
    assert done_on(saved).startswith("Saved.")
    with merchants.open_session() as session:
        assert session.get_one(WarehouseMapping, (FERNLEAF, LEEDS)).decision == "not_sent"


def test_roles(merchants: Merchants) -> None:
    viewer, operator = colleague(merchants, "viewer"), colleague(merchants, "operator")

    seen = viewer.get("/configuration")

    assert '<fieldset class="settings-body" disabled>' in seen.text
    assert "Review changes" not in seen.text
    for path in ("/review", "/save", "/refresh-methods"):
        assert send(viewer, path, create_products="on").status_code == 403
    assert confirm(operator, review(operator, create_products="on")).status_code == 200
    assert account(merchants).create_products
    assert trail(merchants)[0][0] == "operator@fernleaf.example"


def test_another_merchants_mappings_are_out_of_reach(merchants: Merchants) -> None:
    fetch_lists(merchants, HARBOUR)
    client = merchants.viewer()

    page = review(client, warehouse_3="not_sent")

    assert page.status_code == 302
    assert "Leeds" not in client.get("/configuration").text


def test_the_example_is_of_a_note_of_ones_own(merchants: Merchants) -> None:
    merchants.note(7001, order_id=41007, sequence=1, customer_reference="SHOP-9")
    client = merchants.viewer()

    typing = client.get("/configuration/example?order_number_template={reference}/{order_id}")
    wrong = client.get("/configuration/example?order_number_template={ref")
    without_scripts = review(client, order_number_template="X-{note_id}", again="yes")

    assert "SHOP-9/41007-2" in typing.text
    assert "has no partner" in wrong.text
    assert "X-7001" in without_scripts.text
    assert account(merchants).order_number_template == "{reference}"


def test_shipping_methods_are_fetched_again(merchants: Merchants) -> None:
    client = merchants.viewer()

    for _ in range(2):
        send(client, "/refresh-methods")

    with merchants.open_session() as session:
        [asked] = session.exec(select(EventRow).where(EventRow.name == REFERENCE_REQUESTED)).all()
    assert asked.subject == "shipping_methods"
    assert trail(merchants) == [(ANN, "fetched_again", "Shipping methods", "", "")]
    assert "Not fetched from Brightpearl yet" in client.get("/configuration/methods-fetched").text


def test_each_person_chooses_their_own_mail(merchants: Merchants) -> None:
    viewer, owner = colleague(merchants, "viewer"), merchants.viewer()

    send(viewer, "/notifications", daily_report="on", made_up="on")

    assert checked(viewer) == {"daily_report"}
    assert checked(owner) == set(KINDS)
    assert checked(colleague(merchants, "operator")) == checked(owner) - {
        "daily_report",
        "first_fetch_done",
    }
    assert trail(merchants) == [
        ("viewer@fernleaf.example", "notifications_chosen", "Daily report", "off", "on")
    ]


def checked(client: FlaskClient) -> set[str]:
    page = client.get("/configuration").text.split('id="notifications"')[1]
    boxes = page.split("<input")[1:]
    return {
        box.split('name="')[1].split('"')[0] for box in boxes if " checked" in box.split(">")[0]
    }


def test_a_note_that_was_never_read_breaks_no_example(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.keep(
        SyncLogRow(account_id=FERNLEAF, note_id=9, inserted_at=NOON, order_stage="queued")
    )

    assert "WEB-10045" in sqlite_merchants.viewer().get("/configuration").text


def test_each_place_that_a_reason_leads_to_is_on_the_page(sqlite_merchants: Merchants) -> None:
    fetch_lists(sqlite_merchants)
    page = sqlite_merchants.viewer().get("/configuration").text
    here = [place for place in PLACES.values() if place.endpoint == CONFIGURATION]
    ids = {"warehouse-{}": str(LEEDS), "method-{}": str(ROYAL_MAIL)}
    anchors = {place.anchor_of(ids.get(place.anchor, "")) for place in here}

    assert {anchor for anchor in anchors if f'id="{anchor}"' not in page} == set()

"""The pages Dry run, Shadow mode and Go live."""

import pytest

from services.portal.people.accounts import hashed, keep_user
from shared.db.account_tables import Account
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.connecting import connect_brightpearl
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    PASSWORD,
    Merchants,
    link_to,
    log_in,
    notes_on,
)
from tests.integration.portal.rehearsing import (
    a_note,
    audited,
    choose,
    everything,
    keep,
    ready,
    send,
    shadow_note,
)

GO_LIVE = NOON.replace(year=2025)
# Where the database makes no difference.
ON_SQLITE = pytest.mark.parametrize("merchants", ["sqlite"], indirect=True)


def test_a_note_is_shown_as_the_order_it_would_become_and_nothing_is_written(
    portal: Merchants, vendors: Vendors
) -> None:
    client = ready(portal, vendors)
    choose(portal, order_sync_on=True, go_live_at=GO_LIVE)
    note_id = a_note(vendors, reference="WEB-77", city="Bristol")
    before = everything(portal)

    page = client.get(f"/dry-run?note={note_id}")

    assert page.status_code == 200
    assert "Nothing stands in its way" in page.text
    assert ">WEB-77<" in page.text
    assert "Bristol" in page.text
    assert "<code>addressLine3</code>" in page.text
    assert everything(portal) == before
    assert vendors.read("shiphero-orders") == []


@ON_SQLITE
def test_all_that_stands_in_the_way_is_said_with_its_remedy(
    portal: Merchants, vendors: Vendors
) -> None:
    client = ready(portal, vendors)
    note_id = a_note(vendors, line1="", line2="", shippingMethodId=7)

    page = client.get(f"/dry-run?note={note_id}")

    assert "4 things stand in its way" in page.text
    for code in ("order_sync_off", "go_live_unset", "shipping_method_unmapped", "address_missing"):
        assert f"<code>{code}</code>" in page.text
    assert "Enter it on the sales order in Brightpearl." in page.text


@ON_SQLITE
def test_a_note_is_named_by_its_order_and_sequence_too(portal: Merchants, vendors: Vendors) -> None:
    client = ready(portal, vendors)
    [made] = vendors.control("sales-orders", lines=1, warehouseId=2, reference="WEB-9")["orders"]
    order_id = made["orderId"]

    page = client.get(f"/dry-run?note={order_id}/1")
    missing = client.get(f"/dry-run?note={order_id}/7")

    assert f"note {order_id}/1" in page.text
    assert missing.status_code == 400
    assert f"shows no goods-out note {order_id}/7" in missing.text


@pytest.mark.parametrize("typed", ["tea", "0", "99999999999", "1/2/3", "9" * 60])
def test_what_names_no_note_is_said_in_words(sqlite_merchants: Merchants, typed: str) -> None:
    page = sqlite_merchants.viewer().get("/dry-run", query_string={"note": typed})

    assert page.status_code == 400
    assert "names no goods-out note" in page.text


def test_without_a_connection_the_page_says_so(sqlite_merchants: Merchants) -> None:
    page = sqlite_merchants.viewer().get("/dry-run?note=501")

    assert page.status_code == 503
    assert "Look at the connections" in page.text


def test_recent_notes_can_be_chosen(merchants: Merchants) -> None:
    merchants.note(501, customer_reference="WEB-1")
    merchants.note(502, order_stage="done")
    merchants.note(503, HARBOUR)

    page = merchants.viewer().get("/dry-run")

    assert notes_on(page) == [501]
    assert "/dry-run?note=501" in page.text


def test_shadow_mode_tells_what_it_found_by_reason(merchants: Merchants) -> None:
    keep(
        merchants,
        shadow_note(501),
        shadow_note(502),
        shadow_note(503, outcome="held", reason_code="shipping_method_unmapped"),
        shadow_note(504, outcome="failed", reason_code="sku_unknown", reason="No TEA-NEW."),
        shadow_note(505, outcome="failed", reason_code="sku_unknown"),
    )
    client = merchants.viewer()

    page = client.get("/dry-run/shadow")
    narrowed = client.get("/dry-run/shadow?outcome=failed&reason=sku_unknown")
    nonsense = client.get("/dry-run/shadow?outcome=nonsense&before=x")
    of_another = merchants.viewer(HARBOUR).get("/dry-run/shadow")

    assert (
        "5 notes: 2 would go, 2 have an unknown SKU, 1 has an unmapped shipping method."
        in page.text
    )
    assert notes_on(page) == [505, 504, 503, 502, 501]
    assert notes_on(narrowed) == [505, 504]
    assert notes_on(nonsense) == notes_on(page)
    assert "Shadow mode has not run yet" in of_another.text


def test_a_long_list_is_paged(sqlite_merchants: Merchants) -> None:
    keep(sqlite_merchants, *(shadow_note(note_id) for note_id in range(1, 61)))
    client = sqlite_merchants.viewer()

    first = client.get("/dry-run/shadow")
    second = client.get(link_to(first, "next"))

    assert notes_on(first) == list(range(60, 10, -1))
    assert notes_on(second) == list(range(10, 0, -1))


def test_what_went_live_otherwise_is_shown_field_by_field(merchants: Merchants) -> None:
    changed = [{"field": "shipping_address.city", "shown": "Bath", "sent": "Bristol"}]
    keep(
        merchants,
        shadow_note(501, sent_at=NOON),
        shadow_note(502, sent_at=NOON, differences=changed, order_sent={"order_number": "W-1"}),
        shadow_note(503),
    )
    client = merchants.viewer()

    page, note = client.get("/dry-run/shadow"), client.get("/dry-run/shadow/502")

    assert "2 of these notes have been sent: 1 exactly as shown, field by field, 1 otherwise" in (
        page.text
    )
    assert "Bristol" in page.text
    assert "W-1" in note.text
    assert "1 field otherwise" in note.text
    assert client.get("/dry-run/shadow/504").status_code == 404
    assert merchants.viewer(HARBOUR).get("/dry-run/shadow/502").status_code == 404


def test_a_viewer_sees_no_addresses_and_switches_nothing(sqlite_merchants: Merchants) -> None:
    address = {"shipping_address": {"city": "Bristol", "country": "GB"}}
    keep(sqlite_merchants, shadow_note(501, order_sent=address))
    with sqlite_merchants.open_session() as session:
        keep_user(
            session,
            account_code="fernleaf",
            email="vera@fernleaf.example",
            password_hash=hashed(sqlite_merchants.app, PASSWORD),
            role="viewer",
            now=NOON,
        )
        session.commit()
    vera = sqlite_merchants.visitor()
    log_in(vera, "vera@fernleaf.example")

    page = vera.get("/dry-run/shadow/501")

    assert "Bristol" not in page.text
    assert "GB" in page.text
    assert vera.get("/dry-run/shadow/switch").status_code == 403
    assert vera.get("/dry-run/go-live").status_code == 403


def test_shadow_mode_is_switched_on_and_off_and_frees_what_waited(merchants: Merchants) -> None:
    merchants.event(subject="501", hold_cause="go_live_unset", hold_version=1)
    client = merchants.viewer()

    asked = client.get("/dry-run/shadow/switch")
    on = send(client, "/dry-run/shadow/switch", page="/dry-run/shadow/switch", to="on")
    merchants.event(subject="502", hold_cause="shadow_mode", hold_version=2)
    off = send(client, "/dry-run/shadow/switch", page="/dry-run/shadow/switch", to="off")
    bad = send(client, "/dry-run/shadow/switch", page="/dry-run/shadow/switch", to="maybe")

    assert "1 note that waits for a setting is looked at now" in asked.text
    assert "Shadow mode is on: nothing is sent. 1 note shown by shadow mode" in on.text
    assert "Shadow mode is off. 1 held order that waited for shadow mode to end" in off.text
    assert bad.status_code == 400
    assert audited(merchants) == [
        ("settings_saved", "off", "on"),
        ("settings_saved", "on", "off"),
    ]


def test_the_notes_that_a_moment_takes_in_are_shown_before_it_is_saved(
    portal: Merchants, vendors: Vendors
) -> None:
    client = ready(portal, vendors)
    good, unmapped = a_note(vendors), a_note(vendors, shippingMethodId=7)
    failing = a_note(vendors)
    keep(portal, shadow_note(failing, outcome="failed", reason_code="sku_unknown", reason="No SKU"))
    choose(portal, shadow_on=True)
    before = everything(portal)

    page = client.get("/dry-run/go-live?at=2020-01-01T09:00")
    ahead = client.get("/dry-run/go-live?at=2099-01-01T09:00")

    assert "open notes would be taken in" in page.text
    for note_id in (good, unmapped, failing):
        assert f"/dry-run?note={note_id}" in page.text
    assert "is not mapped" in page.text
    assert "No SKU" in page.text
    assert ahead.status_code == 400
    assert "more than a year ahead" in ahead.text
    assert everything(portal) == before


@ON_SQLITE
def test_going_live_saves_the_moment_and_ends_shadow_mode(
    portal: Merchants, vendors: Vendors
) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)
    choose(portal, shadow_on=True, time_zone="Europe/Berlin")
    look = "/dry-run/go-live?at=2026-11-24T09:00"

    page = send(client, "/dry-run/go-live", page=look, at="2026-11-24T09:00")

    with portal.open_session() as session:
        account = session.get_one(Account, FERNLEAF)
    assert "Go-live is saved" in page.text
    assert account.go_live_at == NOON.replace(hour=8)
    assert (account.order_sync_on, account.shadow_on) == (True, False)
    assert sorted(audited(portal)[-3:]) == [
        ("settings_saved", "not set", "24 Nov 2026 09:00 (Europe/Berlin)"),
        ("settings_saved", "off", "on"),
        ("settings_saved", "on", "off"),
    ]


@pytest.mark.parametrize("typed", ["", "soon", "2026-99-01T00:00"])
def test_a_moment_that_is_none_is_said_by_the_field(
    sqlite_merchants: Merchants, typed: str
) -> None:
    client = sqlite_merchants.viewer()
    form = "/dry-run/go-live"

    page = send(client, form, page="/dry-run/shadow/switch", at=typed)

    assert page.status_code == 400
    assert "Choose a date and a time" in page.text

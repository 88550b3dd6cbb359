"""What each person makes of the sync log: views, columns and the order it opens in; shadow mode."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from services.portal.log.wanted import TURNS
from shared.db.list_tables import SavedView
from shared.reasons.listed import REASONS
from shared.reasons.reason import NOBODY
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants, notes_on
from tests.integration.portal.notes import colleague, press


def test_a_kept_view_has_a_name_a_count_and_an_address(merchants: Merchants) -> None:
    merchants.note(1, order_stage="failed", order_reason_code="sku_unknown")
    merchants.note(2, order_stage="done")
    client = merchants.viewer()

    kept = press(client, "/sync-log/views", name="  SKU   trouble ", state="needs_you",
                 reason="sku_unknown")  # fmt: skip
    page = client.get("/sync-log/views")

    assert kept.headers["Location"] == "/sync-log?state=needs_you&reason=sku_unknown"
    assert "<span>SKU trouble</span> <strong>1</strong>" in page.text
    assert "/sync-log?state=needs_you&amp;reason=sku_unknown" in page.text


def test_a_view_of_the_same_name_is_replaced(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()

    press(client, "/sync-log/views", name="Mine", state="needs_you")
    press(client, "/sync-log/views", name="Mine", state="skipped")

    with sqlite_merchants.open_session() as session:
        assert [view.query for view in session.exec(select(SavedView))] == ["state=skipped"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": " ", "state": "skipped"}, "Give the view a name."),
        ({"name": "All of it"}, "Set a filter first"),
        ({"name": "Long", "list": " ".join("9" * 64 for _ in range(1))}, "is kept under Views"),
    ],
)
def test_what_cannot_be_kept_is_said(
    sqlite_merchants: Merchants, fields: dict[str, str], told: str
) -> None:
    client = sqlite_merchants.viewer()

    press(client, "/sync-log/views", **fields)

    assert told in client.get("/sync-log").text


def test_views_are_each_persons_own(sqlite_merchants: Merchants) -> None:
    press(sqlite_merchants.viewer(), "/sync-log/views", name="Anns", state="skipped")
    other = colleague(sqlite_merchants, "viewer")
    with sqlite_merchants.open_session() as session:
        [view] = session.exec(select(SavedView))

    removed = press(other, f"/sync-log/views/{view.id}/remove")

    assert removed.status_code == 404
    assert "Anns" not in other.get("/sync-log/views").text
    own = sqlite_merchants.viewer()
    assert press(own, f"/sync-log/views/{view.id}/remove").status_code == 302
    assert "<span>Anns</span>" not in own.get("/sync-log/views").text


BUILT_IN = {
    "All": [9, 8, 7, 6, 5, 4, 3, 2, 1],
    "Needs you": [3, 2],
    "Waiting": [8, 1],
    "Retrying": [4, 1],
    "At ShipHero, not shipped for over 24 h": [5, 4],
    "Shipment not written back": [4, 3],
    "Skipped": [7],
}


def a_log_of_all_kinds(merchants: Merchants) -> None:
    long_ago, lately = NOON - timedelta(days=2), NOON - timedelta(hours=1)
    merchants.note(1, order_stage="retrying")
    merchants.note(2, order_stage="failed", order_reason_code="sku_unknown")
    merchants.note(3, order_stage="done", synced_at=long_ago, shipment_stage="failed")
    merchants.note(4, order_stage="done", inserted_at=long_ago, synced_at=long_ago,
                   shipment_stage="retrying")  # fmt: skip
    merchants.note(5, order_stage="done", inserted_at=long_ago + timedelta(seconds=1),
                   synced_at=long_ago + timedelta(seconds=2))  # fmt: skip
    merchants.note(6, order_stage="done", synced_at=lately)
    merchants.note(7, order_stage="skipped", order_reason_code="before_go_live")
    merchants.note(8, order_stage="queued")
    merchants.note(9, order_stage="held", order_reason_code="shadow_mode")
    merchants.note(10, HARBOUR, order_stage="retrying")


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_views_show_what_their_names_say(merchants: Merchants, name: str) -> None:
    a_log_of_all_kinds(merchants)
    client = merchants.viewer()

    page = client.get("/sync-log/views").text
    line = page.partition(f"<span>{name}</span>")
    address = line[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")

    assert sorted(notes_on(client.get(address)), reverse=True) == BUILT_IN[name]
    assert line[2].startswith(f" <strong>{len(BUILT_IN[name])}</strong>")


@pytest.mark.parametrize(
    ("stage", "notes"),
    [("queued", [8]), ("setup", [9]), ("checking", []), ("retrying", [1, 4]), ("nonsense", None)],
)
def test_a_stage_narrows_the_list(
    merchants: Merchants, stage: str, notes: list[int] | None
) -> None:
    a_log_of_all_kinds(merchants)

    found = notes_on(merchants.viewer().get(f"/sync-log?stage={stage}"))

    assert sorted(found) == (list(range(1, 10)) if notes is None else notes)


def test_the_list_is_narrowed_to_those_whose_turn_it_is(merchants: Merchants) -> None:
    merchants.note(1, order_stage="failed", order_reason_code="sku_unknown")
    merchants.note(2, order_stage="failed", order_reason_code="bug")
    merchants.note(3, order_stage="skipped", order_reason_code="before_go_live")
    client = merchants.viewer()

    yours, operators = (
        notes_on(client.get(f"/sync-log?turn={one}")) for one in ("you", "operator")
    )

    assert (yours, operators) == ([1], [2])
    assert set(TURNS.values()) == {one.whose_turn for one in REASONS.values()} - {NOBODY}


def test_shadow_mode_asks_for_nobody(merchants: Merchants) -> None:
    merchants.note(1, order_stage="held", order_reason_code="shadow_mode",
                   order_reason="Shadow mode is on: nothing is written.")  # fmt: skip
    merchants.note(2, order_stage="held", order_reason_code="order_sync_off")
    merchants.note(3, order_stage="held", order_reason_code="shadow_mode",
                   shipment_stage="failed", shipment_reason_code="x")  # fmt: skip
    client = merchants.viewer()

    needs, shadow = (client.get(f"/sync-log?state={one}") for one in ("needs_you", "shadow"))
    note = client.get("/sync-log/1").text

    assert notes_on(needs) == [3, 2]
    assert notes_on(shadow) == [1]
    assert "Shadow mode shows it and sends nothing" in note
    assert "Nothing about it waits for a person." in note
    assert client.get("/sync-log/1/acts/handled").text.count("Nothing about it waits") == 1


def test_shadow_is_no_count_where_there_is_none(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1, order_stage="done")

    assert "state=shadow" not in sqlite_merchants.viewer().get("/sync-log").text


def head(client: FlaskClient, address: str = "/sync-log") -> str:
    return client.get(address).text.partition("<thead>")[2].partition("</thead>")[0]


def test_columns_are_added_for_the_person_who_chose_them(merchants: Merchants) -> None:
    merchants.note(1, order_stage="retrying", order_reason="ShipHero was silent.", tracking="1Z",
                   shiphero_order_id="SH-1")  # fmt: skip
    merchants.event(subject="1", tries=3)
    merchants.event(subject="1", name="shipment.announced", tries=2)
    client = merchants.viewer()

    press(client, "/sync-log/columns", column="attempts")
    shown = client.get("/sync-log").text
    live = client.get("/sync-log/live?notes=1").text

    assert ">Attempts</th>" in head(client)
    assert ">Tracking</th>" not in head(client)
    assert '<td class="added number" data-name="Attempts">5</td>' in shown
    assert '<td class="added number" data-name="Attempts">5</td>' in live
    assert ">Attempts</th>" not in head(colleague(merchants, "viewer"))


def test_the_list_opens_in_the_order_that_was_kept(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1)
    client = sqlite_merchants.viewer()

    press(client, "/sync-log/columns", sort="total", dir="asc", keep_order="1")
    opened = client.get("/sync-log")
    press(client, "/sync-log/columns", dense="1")

    assert opened.headers["Location"] == "/sync-log?sort=total&dir=asc"
    assert client.get("/sync-log?sort=inserted").status_code == 200
    assert client.get("/sync-log").headers["Location"] == "/sync-log?sort=total&dir=asc"
    assert "log-dense" in client.get("/sync-log?sort=inserted").text
    press(client, "/sync-log/columns", sort="inserted", keep_order="1")
    assert client.get("/sync-log").status_code == 200


def test_the_menu_of_a_row_has_what_applies_and_nothing_else(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1, order_stage="failed", order_reason_code="sku_unknown")
    sqlite_merchants.event(subject="1", outcome="dead", settled_at=NOON)
    sqlite_merchants.note(2, order_stage="skipped", order_reason_code="before_go_live")

    client = sqlite_merchants.viewer(FERNLEAF)
    failed, skipped = (client.get(f"/sync-log/{note}/menu").text for note in (1, 2))
    looker = sqlite_merchants.looker().get("/sync-log/1/menu").text

    assert all(f"/sync-log/1/acts/{act}" in failed for act in ("retry", "handled", "evidence"))
    assert "acts/cancel" not in failed
    assert "acts/retry" not in skipped
    assert "acts/handled" not in skipped
    assert "/acts/" not in looker
    assert "Copy link" in looker

"""A note's tabs: each at its own address, and what those show that ask no vendor."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from services.portal.log.tabs import TABS
from shared.db.account_tables import Account, SavedSettings, WarehouseMapping
from shared.db.journal_tables import ATTEMPT
from shared.db.portal_tables import AuditEntry
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants
from tests.integration.portal.notes import CALL, KEPT, NOTE, act, attempted, colleague, sent
from tests.integration.portal.test_note_acts import failed

REFUSED = {
    **KEPT,
    "answered": {"errors": [{"message": "Address is not valid", "code": 4}], "data": None},
}


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_is_open_at_its_own_address(sqlite_merchants: Merchants, tab: str) -> None:
    sent(sqlite_merchants)
    where = f"/sync-log/{NOTE}" if tab == "timeline" else f"/sync-log/{NOTE}/{tab}"

    page = sqlite_merchants.viewer().get(where)

    opened = f'id="tab-{tab}" href="{where}" aria-selected="true"'
    assert page.status_code == 200
    assert opened in page.text
    assert page.text.count('aria-selected="true"') == 1
    assert page.text.count('role="tab"') == len(TABS)


def test_a_tab_that_there_is_none_of_has_no_page(sqlite_merchants: Merchants) -> None:
    sent(sqlite_merchants)
    client = sqlite_merchants.viewer()

    paths = (f"/sync-log/{NOTE}/colours", f"/sync-log/{NOTE}/live?tab=colours")

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_a_refresh_leaves_what_another_tab_shows_as_it_was_read(
    sqlite_merchants: Merchants,
) -> None:
    sent(sqlite_merchants)
    client = sqlite_merchants.viewer()

    sides = client.get(f"/sync-log/{NOTE}/live?tab=sides").text
    timeline = client.get(f"/sync-log/{NOTE}/live").text

    assert "hx-morph-skip" in sides
    assert "Both sides as they are now" not in sides
    assert "hx-morph-skip" not in timeline
    assert "Summary" in timeline


def test_the_last_attempt_is_chosen_and_is_compared_with_the_one_before(
    merchants: Merchants,
) -> None:
    sent(merchants)
    first = attempted(merchants)
    again(merchants, "TEA-2")
    client = merchants.viewer()

    page = client.get(f"/sync-log/{NOTE}/sent").text
    earlier = client.get(f"/sync-log/{NOTE}/attempts/{first}/1").text

    assert "#2 of 2" in page
    assert "Show differences to the previous attempt (#1)" in page
    assert "-    &#34;sku&#34;: &#34;TEA&#34;," in page
    assert "+    &#34;sku&#34;: &#34;TEA-2&#34;," in page
    assert "The same was answered." in page
    assert "#1 of 2" in earlier
    assert "Show differences" not in earlier


def test_without_an_attempt_nothing_was_asked(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(NOTE)

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}/sent").text

    assert "No vendor was asked about this note yet." in page


def test_the_rules_are_those_that_were_in_force_when_the_note_was_looked_at(
    merchants: Merchants,
) -> None:
    sent(merchants, warehouse_id=2)
    attempted(merchants)
    merchants.keep(
        WarehouseMapping(account_id=FERNLEAF, brightpearl_warehouse_id=2, brightpearl_name="Leeds",
                         decision="mapped", shiphero_warehouse_id="LDS-2"),
        a_saving(1, NOON - timedelta(days=2), by="", shiphero_id="LDS-0", hold_minutes=0),
        a_saving(2, NOON - timedelta(days=1), by="Ann", shiphero_id="LDS-1", hold_minutes=15),
        a_saving(3, NOON + timedelta(days=1), by="Bob", shiphero_id="LDS-2", hold_minutes=0),
    )  # fmt: skip
    stands_at(merchants, 3)

    page = merchants.viewer().get(f"/sync-log/{NOTE}/rules").text

    assert "by version 2 of the settings, saved" in page
    assert "by Ann" in page
    assert "Changed since" in page
    assert row_of(page, "Warehouse Leeds") == ["LDS-1", "LDS-2"]
    assert row_of(page, "Minutes in which a new note may be changed") == ["15", "0"]
    assert row_of(page, "Order number") == ["not known", "{reference}"]


def test_before_the_first_saving_the_note_was_judged_as_all_stood_then(
    sqlite_merchants: Merchants,
) -> None:
    sent(sqlite_merchants)
    attempted(sqlite_merchants)
    sqlite_merchants.keep(
        a_saving(1, NOON + timedelta(days=1), by="", shiphero_id="LDS-0", hold_minutes=5),
        a_saving(2, NOON + timedelta(days=1), by="Ann", shiphero_id="LDS-1", hold_minutes=15),
    )
    stands_at(sqlite_merchants, 2)

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}/rules").text

    assert "by version 1 of the settings, as everything stood before the first saving" in page


def test_a_note_that_was_not_looked_at_used_no_rule(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(NOTE)

    page = sqlite_merchants.viewer().get(f"/sync-log/{NOTE}/rules").text

    assert "The note was not looked at yet" in page


def test_people_and_their_comments_stand_together_newest_first(merchants: Merchants) -> None:
    sent(merchants, inserted_at=NOON)
    merchants.keep(
        AuditEntry(id=UUID(int=5), account_id=FERNLEAF, at=NOON, who="bob@fernleaf.example",
                   act="retried", subject=f"note {NOTE}", after="Replayed")
    )  # fmt: skip
    client = merchants.viewer()
    merchants.now = NOON + timedelta(minutes=1)
    act(client, "comment", words="Rang the warehouse")

    page = client.get(f"/sync-log/{NOTE}/people").text
    looker = colleague(merchants, "viewer").get(f"/sync-log/{NOTE}/people").text

    assert page.index("Rang the warehouse") < page.index("Replayed")
    assert "retried a note" in page
    assert "Add the comment" in page
    assert "Add the comment" not in looker


def test_the_vendors_own_words_are_folded_into_the_verdict(merchants: Merchants) -> None:
    failed(merchants)
    again(merchants, "TEA", exchange=REFUSED, status=400, outcome="dead")

    page = merchants.viewer().get(f"/sync-log/{NOTE}").text

    assert "own words</summary>" in page
    assert "<code>4</code> Address is not valid" in page
    assert "request id r-1" in page.replace('<span class="ids">', "").replace("</span>", "")


def test_where_no_call_failed_a_vendor_said_nothing(sqlite_merchants: Merchants) -> None:
    failed(sqlite_merchants)

    assert "own words" not in sqlite_merchants.viewer().get(f"/sync-log/{NOTE}").text


def again(
    merchants: Merchants, sku: str, *, exchange: Any = KEPT, status: int = 200, **known: Any
) -> UUID:
    """Keep a later attempt of another event, which asked for `sku`."""
    usual: dict[str, Any] = {"outcome": "delivered", "settled_at": NOON, "tries": 1}
    event_id = merchants.event(subject=str(NOTE), **(usual | known))
    asked = {"data": {**exchange["asked"]["data"], "sku": sku}}
    attempt = {
        "event_id": event_id, "number": 1, "worker": "worker", "result": "delivered",
        "started_at": NOON + timedelta(minutes=1), "ended_at": NOON + timedelta(minutes=2),
        "reason_code": "", "reason": "", "vendor_calls": [{**CALL, "status": status}],
        "exchanges": [{**exchange, "asked": asked}],
    }  # fmt: skip
    with merchants.open_session() as session:
        session.execute(insert(ATTEMPT).values(**attempt))
        session.commit()
    return event_id


def a_saving(
    version: int, at: Any, *, by: str, shiphero_id: str, hold_minutes: int
) -> SavedSettings:
    return SavedSettings(
        account_id=FERNLEAF,
        version=version,
        saved_at=at,
        saved_by=by,
        settings={
            "hold_minutes": hold_minutes,
            "warehouses": {"2": {"decision": "mapped", "shiphero_id": shiphero_id}},
        },
    )


def stands_at(merchants: Merchants, version: int) -> None:
    with merchants.open_session() as session:
        account = session.get_one(Account, FERNLEAF)
        account.settings_version = version
        session.add(account)
        session.commit()


def row_of(page: str, label: str) -> list[str]:
    """Read what a rule said then and says today, markup aside."""
    _, _, rest = page.partition(f'<th scope="row">{label}</th>')
    row, _, _ = rest.partition("</tr>")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]

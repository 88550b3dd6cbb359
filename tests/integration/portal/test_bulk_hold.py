"""Many notes at once are held before their orders are made, and let go again."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from shared.db.journal_tables import EventRow
from shared.db.list_tables import BulkAct
from shared.db.note_tables import SyncLogRow
from shared.notes import stopping_many
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.notes import a_link, trail
from tests.integration.portal.test_bulk import carry_out, fields_on

LATER = NOON.replace(hour=18)
PLAN = "/sync-log/plan?all=1&q=7001,7002,7003,7004,7005&act="


@pytest.fixture
def client(merchants: Merchants) -> FlaskClient:
    """Keep two notes that are kept back, one held by Ann, one at ShipHero and one asked for."""
    for note_id in (7001, 7002):
        merchants.note(note_id, order_stage="kept_back")
        merchants.event(subject=str(note_id), due_at=LATER, reason_code="kept_back")
    merchants.note(7003, order_stage="held", stopped_at=NOON, stopped_by="Ann")
    merchants.event(subject="7003", hold_cause="stopped_by_person:7003", hold_version=1)
    merchants.note(7004, order_stage="done")
    merchants.note(7005, order_stage="retrying")
    merchants.keep(a_link(7005, shiphero_order_id=""))
    merchants.now = NOON.replace(hour=15)
    return merchants.viewer()


def test_a_plan_says_what_can_be_held_and_what_not(client: FlaskClient) -> None:
    page = client.get(f"{PLAN}hold").text

    assert "Hold 2 notes?" in page
    assert "<strong>5</strong> match" in page
    assert "<strong>2</strong> can be held" in page
    assert "<strong>1</strong> held by a person already" in page
    assert "<strong>2</strong> at ShipHero, on the way there, failed or ended" in page


def test_all_that_match_are_held_and_looked_at_at_once(
    merchants: Merchants, client: FlaskClient
) -> None:
    done = held(client)

    stopped = {row.note_id: row.stopped_by for row in rows(merchants) if row.stopped_at}
    assert "2 notes held" in done.text
    assert stopped == dict.fromkeys((7001, 7002), EMAILS[FERNLEAF]) | {7003: "Ann"}
    assert due(merchants)["7001"] == due(merchants)["7002"] == merchants.now
    assert trail(merchants) == [("stopped", "5 notes", "List: 5 ids: a recall")]
    assert counts(merchants) == {"stopped": 2, "stopped_already": 1, "too_late": 2}


def test_those_that_a_person_holds_are_let_go_and_no_other(
    merchants: Merchants, client: FlaskClient
) -> None:
    held(client)
    merchants.event(subject="9", hold_cause="order_sync_off", hold_version=1)
    plan = client.get(f"{PLAN}let_go")

    done = carry_out(client, fields_on(plan))

    assert "Let 3 notes go?" in plan.text
    assert "<strong>2</strong> with nobody who has them wait" in plan.text
    assert "3 notes let go" in done.text
    assert [row.note_id for row in rows(merchants) if row.stopped_at] == []
    assert causes(merchants) == {"order_sync_off"}
    assert {kept for kept, _, _ in trail(merchants)} == {"stopped", "let_go"}


def test_another_merchants_notes_are_neither_held_nor_let_go(
    merchants: Merchants, client: FlaskClient
) -> None:
    merchants.note(8001, HARBOUR, order_stage="queued")
    merchants.note(8002, HARBOUR, order_stage="held", stopped_at=NOON, stopped_by="Bob")

    for act in ("hold", "let_go"):
        carry_out(client, MultiDict([("act", act), ("note", "8001"), ("note", "8002")]))

    with merchants.open_session() as session:
        theirs = session.exec(select(SyncLogRow).where(SyncLogRow.account_id == HARBOUR)).all()
    assert {row.note_id: row.stopped_by for row in theirs} == {8001: "", 8002: "Bob"}


def test_who_may_only_look_holds_nothing(sqlite_merchants: Merchants) -> None:
    looker = sqlite_merchants.looker()

    assert looker.get(f"{PLAN}hold").status_code == 403


def test_more_than_one_part_at_once_is_refused(sqlite_merchants: Merchants) -> None:
    many = range(stopping_many.AT_ONCE + 1)
    with sqlite_merchants.open_session() as session, pytest.raises(ValueError, match="501 notes"):
        stopping_many.stop_notes(session, FERNLEAF, many, who="Ann", now=NOON)


def held(client: FlaskClient) -> TestResponse:
    return carry_out(client, fields_on(client.get(f"{PLAN}hold")), why="a recall")


def rows(merchants: Merchants) -> list[SyncLogRow]:
    with merchants.open_session() as session:
        return list(session.exec(select(SyncLogRow)))


def due(merchants: Merchants) -> dict[str, Any]:
    with merchants.open_session() as session:
        return {row.subject: row.due_at for row in session.exec(select(EventRow))}


def causes(merchants: Merchants) -> set[str | None]:
    with merchants.open_session() as session:
        return {row.hold_cause for row in session.exec(select(EventRow))} - {None}


def counts(merchants: Merchants) -> dict[str, int]:
    with merchants.open_session() as session:
        return session.exec(select(BulkAct)).one().counts

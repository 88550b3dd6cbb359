"""Acts on very many notes or dead letters: part after part, with a progress that stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlmodel import select
from werkzeug.datastructures import MultiDict

from services.notifier.bulk import take_parts
from shared import bulk
from shared.db.journal_tables import EVENT, EventRow
from shared.db.list_tables import BulkAct
from shared.db.note_tables import SYNC_LOG
from shared.events import BULK_ACT_REQUESTED, Event
from shared.journal.record import new_id
from shared.outcome import Delivered
from tests.integration.portal.dead_letters import a_dead_letter, acts, replays
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.notes import press
from tests.integration.portal.test_bulk import carry_out, fields_on

MANY = 1_200


def many_failed(merchants: Merchants, count: int = MANY) -> None:
    """Keep so many failed notes of Fernleaf, each with its dead letter."""
    merchants.now = NOON + timedelta(hours=1)
    notes = range(1, count + 1)
    rows = [
        {
            "account_id": FERNLEAF, "note_id": note, "order_stage": "failed",
            "order_reason_code": "sku_unknown",
            "inserted_at": NOON + timedelta(seconds=note / 1000),
        }
        for note in notes
    ]  # fmt: skip
    letters = [
        {
            "id": new_id(), "account_id": FERNLEAF, "name": "goods_out_note.changed",
            "queue": "shiphero_push", "lane": 0, "subject": str(note), "payload": {},
            "dedupe_key": f"fernleaf:{note}", "recorded_at": NOON, "due_at": NOON,
            "generation": 1, "tries": 1, "failures": 1, "settled_at": NOON, "outcome": "dead",
            "reason_code": "sku_unknown", "reason": "", "traceparent": "",
        }
        for note in notes
    ]  # fmt: skip
    with merchants.open_session() as session:
        for start in range(0, count, 500):
            session.execute(insert(SYNC_LOG), rows[start : start + 500])
            session.execute(insert(EVENT), letters[start : start + 500])
        session.commit()


def the_act(merchants: Merchants) -> BulkAct:
    with merchants.open_session() as session:
        return session.exec(select(BulkAct)).one()


def parts(merchants: Merchants) -> list[EventRow]:
    """Give the events that ask for a further part, oldest first."""
    asked = select(EventRow).where(EventRow.name == BULK_ACT_REQUESTED)
    with merchants.open_session() as session:
        return sorted(session.exec(asked), key=lambda row: int(row.payload["taken"]))


def deliver(merchants: Merchants, row: EventRow) -> None:
    """Handle one as the notifier does."""
    event = Event(
        id=row.id, account_id=row.account_id, name=row.name, subject=row.subject,
        payload=row.payload, generation=1, attempt=1, failures=0, recorded_at=row.recorded_at,
    )  # fmt: skip
    [unit] = take_parts([event])
    outcome = unit.run()
    assert isinstance(outcome, Delivered)
    assert outcome.keep is not None
    with merchants.open_session() as session:
        outcome.keep(session, merchants.now)
        session.commit()


def begun(merchants: Merchants, act: str = "retry", **more: str) -> Any:
    """Ask for an act on all that need a person, as the plan's form does."""
    client = merchants.viewer()
    plan = client.get(f"/sync-log/plan?act={act}&all=1&state=needs_you")
    return client, carry_out(client, fields_on(plan), **more)


def test_very_many_are_taken_part_after_part_and_each_once(merchants: Merchants) -> None:
    many_failed(merchants)

    client, first = begun(merchants)
    deliver(merchants, parts(merchants)[0])
    deliver(merchants, parts(merchants)[0])
    half = client.get(first.request.path).text
    deliver(merchants, parts(merchants)[1])

    act = the_act(merchants)
    assert first.request.path == f"/bulk-actions/{act.id}"
    assert "It goes on by itself: you may leave this page." in first.text
    assert '<progress max="1200" value="1000">' in half
    assert (act.asked, act.taken, act.done) == (MANY, MANY, MANY)
    assert act.ended_at == merchants.now
    assert [row.payload["taken"] for row in parts(merchants)] == [500, 1000]
    assert len(replays(merchants)) == MANY
    assert {row.lane for row in replays(merchants)} == {1}
    assert acts(merchants) == [(EMAILS[FERNLEAF], "retried", "1200 notes")]


def test_what_is_cancelled_does_no_further_part(merchants: Merchants) -> None:
    many_failed(merchants)
    client, page = begun(merchants, act="handle", why="shipped by hand")

    cancelled = press(client, f"{page.request.path}/cancel")
    told = client.get(page.request.path).text
    deliver(merchants, parts(merchants)[0])
    again = press(client, f"{page.request.path}/cancel")

    act = the_act(merchants)
    assert (cancelled.status_code, again.status_code) == (302, 302)
    assert "cancelled the rest" in told
    assert (act.taken, act.done, act.stopped_by) == (500, 500, EMAILS[FERNLEAF])
    assert "700" in told
    assert len(parts(merchants)) == 1


def test_what_is_paused_goes_on_where_it_was_and_does_nothing_twice(merchants: Merchants) -> None:
    many_failed(merchants)
    client, page = begun(merchants)

    press(client, f"{page.request.path}/pause")
    [waiting] = parts(merchants)
    deliver(merchants, waiting)
    paused, told = the_act(merchants), client.get(page.request.path).text
    press(client, f"{page.request.path}/resume")
    first, again = parts(merchants)
    deliver(merchants, again)
    deliver(merchants, first)
    deliver(merchants, parts(merchants)[-1])

    act = the_act(merchants)
    assert (paused.taken, paused.ended_at) == (500, None)
    assert "Go on" in told
    assert "Pause" not in told.replace("Paused", "")
    assert (act.taken, act.done, act.stopped_by, act.ended_at) == (MANY, MANY, "", merchants.now)
    assert len(replays(merchants)) == MANY


def test_a_pause_is_no_end_and_an_end_no_pause(sqlite_merchants: Merchants) -> None:
    many_failed(sqlite_merchants)
    client, page = begun(sqlite_merchants)

    too_soon = press(client, f"{page.request.path}/resume")
    press(client, f"{page.request.path}/pause")
    press(client, f"{page.request.path}/cancel")
    press(client, f"{page.request.path}/resume")

    assert too_soon.status_code == 302
    assert the_act(sqlite_merchants).ended_at == sqlite_merchants.now
    assert len(parts(sqlite_merchants)) == 1


def test_what_failed_again_is_counted_apart(merchants: Merchants) -> None:
    many_failed(merchants, 3)
    client, _page = begun(merchants)
    with merchants.open_session() as session:
        for row in replays(merchants)[:2]:
            row.outcome, row.settled_at = "dead", merchants.now
            session.add(row)
        session.commit()
    merchants.event(subject="3", outcome="dead", settled_at=NOON)

    told = client.get(f"/bulk-actions/{the_act(merchants).id}").text

    assert "<dt>Failed again</dt><dd>2</dd>" in told


def test_few_are_done_at_once_and_kept_among_the_bulk_actions(sqlite_merchants: Merchants) -> None:
    many_failed(sqlite_merchants, 3)

    client, page = begun(sqlite_merchants)

    listed = client.get("/bulk-actions").text
    act = the_act(sqlite_merchants)
    one = client.get(f"/bulk-actions/{act.id}").text
    assert page.request.path == "/sync-log"
    assert "3 notes tried again." in page.text
    assert "Retry: 3 notes" in listed
    assert "State: Needs you" in listed
    assert parts(sqlite_merchants) == []
    assert "Where these notes are now" in one
    assert "data-live" not in one


def test_what_has_moved_on_meanwhile_is_refused(sqlite_merchants: Merchants) -> None:
    many_failed(sqlite_merchants, 3)
    client = sqlite_merchants.viewer()
    fields = MultiDict([("act", "retry"), *(("note", str(note)) for note in (1, 2, 99))])

    done = carry_out(client, fields)

    assert "2 notes tried again; 1 with nothing to retry." in done.text
    assert (the_act(sqlite_merchants).done, the_act(sqlite_merchants).taken) == (2, 3)


def test_very_many_dead_letters_are_delivered_again_part_after_part(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    letters = [a_dead_letter(sqlite_merchants, str(note)) for note in range(5)]
    sqlite_merchants.now = NOON + timedelta(hours=1)
    client = sqlite_merchants.viewer()
    until = sqlite_merchants.now.isoformat()

    page = press(client, "/events/replay", died_until=until)
    for _ in range(2):
        deliver(sqlite_merchants, parts(sqlite_merchants)[-1])

    act = the_act(sqlite_merchants)
    assert page.headers["Location"] == f"/bulk-actions/{act.id}"
    assert (act.done, act.counts) == (5, {"delivered_again": 5})
    assert {one.replay_of for one in replays(sqlite_merchants)} == set(letters)


def test_its_notes_are_given_as_a_file(sqlite_merchants: Merchants) -> None:
    many_failed(sqlite_merchants, 3)
    client, _page = begun(sqlite_merchants)

    told = client.get(f"/bulk-actions/{the_act(sqlite_merchants).id}/notes.csv").text

    assert [line.split(",")[3] for line in told.splitlines()[1:]] == ["3", "2", "1"]


def test_a_part_of_another_account_or_of_nothing_is_left_alone(
    sqlite_merchants: Merchants,
) -> None:
    many_failed(sqlite_merchants)
    begun(sqlite_merchants)
    act = the_act(sqlite_merchants)

    with sqlite_merchants.open_session() as session:
        bulk.go_on(session, HARBOUR, act.id, 500, now=NOON)
        bulk.go_on(session, FERNLEAF, UUID(int=9), 500, now=NOON)
        session.commit()

    assert the_act(sqlite_merchants).taken == 500


def test_a_part_that_failed_is_told_and_can_be_delivered_again(sqlite_merchants: Merchants) -> None:
    many_failed(sqlite_merchants)
    client, page = begun(sqlite_merchants)
    with sqlite_merchants.open_session() as session:
        row = session.get_one(EventRow, parts(sqlite_merchants)[0].id)
        row.outcome, row.settled_at = "dead", NOON
        session.add(row)
        session.commit()

    told = client.get(page.request.path).text

    assert "A part of it failed." in told
    assert f"/events/{row.id}" in told


@pytest.mark.parametrize("change", ["pause", "resume", "cancel"])
def test_who_may_only_look_sees_it_and_changes_nothing(
    sqlite_merchants: Merchants, change: str
) -> None:
    many_failed(sqlite_merchants)
    _client, page = begun(sqlite_merchants)
    looker = sqlite_merchants.looker()

    shown = looker.get(page.request.path)

    assert shown.status_code == 200
    assert "Cancel the rest" not in shown.text
    assert press(looker, f"{page.request.path}/{change}").status_code == 403

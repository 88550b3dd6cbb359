"""Announcements become one event a note; too many ids become a comparison."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.order_ingest.handler import Desk, expand_announcement, expand_announcements
from shared.errors import Permanent
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTES_ANNOUNCED,
    RECONCILIATION_REQUESTED,
    Event,
    Lane,
)
from shared.journal.record import record_all
from shared.messaging.units import Unit
from shared.outcome import Delivered, Skipped
from tests.unit.core.notebook import NOON, Notebook, an_event


def an_announcement(**fields: Any) -> Event:
    body = {"accountCode": "demo", "resourceType": "goods-out-note", "id": "501", **fields}
    payload = {"body": json.dumps(body)}
    return an_event(name=GOODS_OUT_NOTES_ANNOUNCED, subject=str(body["id"])[:200], payload=payload)


def a_desk(*needless: int) -> Desk:
    return Desk(
        account_code="demo",
        needless=set(needless).intersection,
        at_shiphero={510, 511}.intersection,
        settled_at=NOON + timedelta(seconds=10),
    )


def expanded(event: Event) -> Delivered:
    outcome = expand_announcement(event, "demo")
    assert isinstance(outcome, Delivered)
    return outcome


def test_each_note_named_gets_an_event_of_its_own() -> None:
    event = an_announcement(id="1-3,99")

    outcome = expanded(event)

    assert outcome.summary == "4 notes announced."
    assert [one.subject for one in outcome.follow_ons] == ["1", "2", "3", "99"]
    assert {(one.name, one.lane, one.traceparent) for one in outcome.follow_ons} == {
        (GOODS_OUT_NOTE_CHANGED, Lane.LIVE, event.traceparent)
    }


def test_notes_that_were_destroyed_are_told_apart() -> None:
    outcome = expanded(an_announcement(lifecycleEvent="destroyed", id="7,8"))

    assert {one.name for one in outcome.follow_ons} == {GOODS_OUT_NOTE_DESTROYED}


def test_a_redelivery_of_an_announcement_doubles_nothing(tmp_path: Path) -> None:
    book, event = Notebook(tmp_path), an_announcement(id="1-300")

    with book.session() as session:
        first = record_all(session, expanded(event).follow_ons, now=NOON)
        again = record_all(session, expanded(event).follow_ons, now=NOON)
        session.commit()
    book.engine.dispose()

    assert (len(first), again) == (300, [])


def test_an_announcement_that_comes_after_the_look_is_another_look() -> None:
    outcomes = [expanded(an_announcement()), expanded(an_announcement())]

    assert len({one.dedupe_key for outcome in outcomes for one in outcome.follow_ons}) == 2


def test_too_many_ids_start_a_comparison_instead() -> None:
    event = an_announcement(id="1-10001")

    outcome = expanded(event)

    [request] = outcome.follow_ons
    assert (request.name, request.account_id) == (RECONCILIATION_REQUESTED, event.account_id)
    assert request.payload == {"because": "a webhook named 10001 notes"}
    assert request.dedupe_key == expanded(event).follow_ons[0].dedupe_key


def test_ten_thousand_ids_are_expanded() -> None:
    assert len(expanded(an_announcement(id="1-10000")).follow_ons) == 10_000


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"resourceType": "product"}, "not_followed"),
        ({"resourceType": ""}, "not_followed"),
        ({"accountCode": "another"}, "foreign_account"),
    ],
)
def test_what_is_not_for_us_is_skipped(fields: dict[str, str], code: str) -> None:
    outcome = expand_announcement(an_announcement(**fields), "demo")

    assert isinstance(outcome, Skipped)
    assert (outcome.code, outcome.follow_ons) == (code, ())


def test_an_announcement_without_account_code_is_taken_by_its_path() -> None:
    assert len(expanded(an_announcement(accountCode="")).follow_ons) == 1


def test_one_unreadable_announcement_leaves_the_others() -> None:
    group = [an_announcement(id="x"), an_announcement()]

    first, second = expand_announcements(group, desk=a_desk())

    with pytest.raises(Permanent):
        first.run()
    assert isinstance(second.run(), Delivered)


def subjects_of(units: Iterable[Unit]) -> list[list[str]]:
    outcomes = [unit.run() for unit in units]
    return [[one.subject for one in getattr(outcome, "follow_ons", ())] for outcome in outcomes]


def test_several_announcements_of_a_note_are_one_look() -> None:
    group = [an_announcement(id="501"), an_announcement(id="501-502"), an_announcement(id="502")]

    assert subjects_of(expand_announcements(group, desk=a_desk())) == [["501"], ["502"], []]


def test_a_note_that_needs_no_look_gets_none() -> None:
    group = [an_announcement(id="501-503")]

    [unit] = expand_announcements(group, desk=a_desk(501, 503))

    outcome = unit.run()
    assert isinstance(outcome, Delivered)
    assert [one.subject for one in outcome.follow_ons] == ["502"]
    assert outcome.summary == "3 notes announced; 2 of them need no look more."


def test_a_destroyed_note_is_always_told() -> None:
    group = [an_announcement(), an_announcement(lifecycleEvent="destroyed")]

    assert subjects_of(expand_announcements(group, desk=a_desk(501))) == [[], ["501"]]


def test_a_foreign_announcement_keeps_nobody_from_looking() -> None:
    group = [an_announcement(accountCode="globex"), an_announcement()]

    assert subjects_of(expand_announcements(group, desk=a_desk())) == [[], ["501"]]


def test_a_note_at_shiphero_is_looked_at_once_its_changes_have_settled() -> None:
    event = an_announcement(id="501,510")

    [unit] = expand_announcements([event], desk=a_desk())
    outcome = unit.run()

    assert isinstance(outcome, Delivered)
    due = {one.subject: one.not_before for one in outcome.follow_ons}
    assert due == {"501": None, "510": NOON + timedelta(seconds=10)}


def test_a_deletion_is_never_put_off() -> None:
    event = an_announcement(id="510", lifecycleEvent="destroyed")

    [unit] = expand_announcements([event], desk=a_desk())
    outcome = unit.run()

    assert isinstance(outcome, Delivered)
    assert [one.not_before for one in outcome.follow_ons] == [None]

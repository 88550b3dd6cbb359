"""Settling, giving up and retrying: all or nothing, and only by whoever holds the claim."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.events import SYNC_LOG_CHANGED, NewEvent
from shared.journal.settle import Settled, kill, retry, settle, settle_all
from shared.journal.verdict import Dead
from shared.outcome import Delivered, Skipped
from tests.integration.journal.books import MORNING, Books

DONE = Delivered(reference="SH-1", summary="Order WEB-4001 at ShipHero.")
REFUSED = Dead(code="refused", reason="ShipHero refused the address.")


def follow_ons(books: Books, count: int = 1) -> tuple[NewEvent, ...]:
    return tuple(books.an_event(str(number), name=SYNC_LOG_CHANGED) for number in range(count))


def test_a_delivery_settles_the_event_and_ends_its_attempt(books: Books) -> None:
    event = books.a_claim()
    calls = [{"vendor": "shiphero", "request_id": "r-1"}]

    with books.session() as session:
        settled = settle(session, event, DONE, now=MORNING, vendor_calls=calls)

    row, [attempt] = books.row(event.id), books.attempts(event.id)
    assert settled
    assert (row.outcome, row.settled_at, row.reason) == ("delivered", MORNING, DONE.summary)
    assert (row.claimed_by, row.claimed_until) == (None, None)
    assert (attempt.ended_at, attempt.result, attempt.vendor_calls) == (MORNING, "delivered", calls)


def test_a_skip_is_kept_with_its_reason(books: Books) -> None:
    event = books.a_claim()
    skipped = Skipped(code="echo", reason="Goodsout itself shipped note 501.")

    with books.session() as session:
        settle(session, event, skipped, now=MORNING)

    row = books.row(event.id)
    assert (row.outcome, row.reason_code, row.reason) == ("skipped", "echo", skipped.reason)


def test_a_dead_letter_waits_with_its_reason(books: Books) -> None:
    event = books.a_claim()

    with books.session() as session:
        kill(session, event, REFUSED, now=MORNING)

    row = books.row(event.id)
    assert (row.outcome, row.reason_code, row.reason) == ("dead", "refused", REFUSED.reason)
    assert [attempt.result for attempt in books.attempts(event.id)] == ["dead"]


def test_follow_ons_are_recorded_with_the_settling(books: Books) -> None:
    event = books.a_claim()
    outcome = replace(DONE, follow_ons=follow_ons(books))

    with books.session() as session:
        settle(session, event, outcome, now=MORNING)

    assert [row.name for row in books.rows()] == [event.name, SYNC_LOG_CHANGED]


def test_a_settling_that_is_rolled_back_leaves_no_follow_on(books: Books) -> None:
    event = books.a_claim()
    before = books.rows()

    with books.open_session() as session:
        settle(session, event, replace(DONE, follow_ons=follow_ons(books)), now=MORNING)
        session.rollback()

    assert books.rows() == before


def test_ten_thousand_follow_ons_settle_in_one_transaction(books: Books) -> None:
    event = books.a_claim()

    with books.session() as session:
        settle(session, event, replace(DONE, follow_ons=follow_ons(books, 10_000)), now=MORNING)

    assert books.count() == 10_001


@pytest.mark.parametrize(
    "later", [{"generation": 2}, {"settled_at": MORNING, "outcome": "skipped"}, {"tries": 2}],
    ids=["made due again", "settled", "claimed again"],
)  # fmt: skip
def test_a_settle_after_the_row_moved_on_writes_nothing(
    books: Books, later: dict[str, object]
) -> None:
    event = books.a_claim()
    books.rewrite(event.id, **later)
    rows, attempts = books.rows(), books.attempts(event.id)

    with books.session() as session:
        settled = settle(session, event, replace(DONE, follow_ons=follow_ons(books)), now=MORNING)

    assert settled is False
    assert (books.rows(), books.attempts(event.id)) == (rows, attempts)


@pytest.mark.parametrize("later", [{"generation": 2}, {"settled_at": MORNING}, {"tries": 2}])
def test_a_retry_or_a_kill_after_the_row_moved_on_writes_nothing(
    books: Books, later: dict[str, object]
) -> None:
    event = books.a_claim()
    books.rewrite(event.id, **later)
    rows, attempts = books.rows(), books.attempts(event.id)

    with books.session() as session:
        written = [
            kill(session, event, REFUSED, now=MORNING),
            retry(session, event, due_at=MORNING, counts=True, code="", reason="", now=MORNING),
        ]

    assert written == [False, False]
    assert (books.rows(), books.attempts(event.id)) == (rows, attempts)


def test_of_events_settled_together_only_those_that_moved_on_are_left_out(books: Books) -> None:
    first, second = books.a_claim("501"), books.a_claim("502")
    books.rewrite(second.id, generation=2)
    done = [
        Settled(event=event, outcome=replace(DONE, follow_ons=follow_ons(books)))
        for event in (first, second)
    ]

    with books.session() as session:
        settled = settle_all(session, done, now=MORNING)

    assert settled == {first.id}
    assert [row.outcome for row in books.rows()] == ["delivered", None, None]


def test_each_of_many_settled_together_keeps_its_own_words_and_calls(books: Books) -> None:
    events = [books.a_claim(str(number)) for number in range(501, 504)]
    done = [
        Settled(
            event=event,
            outcome=Skipped(code=f"code_{event.subject}", reason=f"Reason {event.subject}."),
            vendor_calls=[{"operation": event.subject}],
        )
        for event in events
    ]

    with books.session() as session:
        settle_all(session, done, now=MORNING)

    for event in events:
        row, [attempt] = books.row(event.id), books.attempts(event.id)
        words = (f"code_{event.subject}", f"Reason {event.subject}.")
        assert (row.reason_code, row.reason) == (attempt.reason_code, attempt.reason) == words
        assert (attempt.result, attempt.ended_at) == ("skipped", MORNING)
        assert attempt.vendor_calls == [{"operation": event.subject}]


def test_many_deliveries_supersede_each_what_was_stuck_on_its_own_subject(books: Books) -> None:
    dead = [books.a_claim(str(number)) for number in range(501, 504)]
    with books.session() as session:
        for event in dead:
            kill(session, event, REFUSED, now=MORNING)
    done = [Settled(event=books.a_claim(str(number)), outcome=DONE) for number in (501, 503)]

    with books.session() as session:
        settle_all(session, done, now=MORNING)

    outcomes = [books.row(event.id).outcome for event in dead]
    assert outcomes == ["superseded", "dead", "superseded"]


def test_an_event_settles_once(books: Books) -> None:
    event = books.a_claim()

    with books.session() as session:
        twice = [settle(session, event, DONE, now=MORNING) for _ in range(2)]

    assert twice == [True, False]


@pytest.mark.parametrize(("counts", "failures"), [(True, 1), (False, 0)])
def test_a_retry_is_due_later_and_uses_patience_only_if_it_counts(
    books: Books, counts: bool, failures: int  # noqa: FBT001 - a parameter
) -> None:  # fmt: skip
    event = books.a_claim()
    later = MORNING + timedelta(minutes=5)

    with books.session() as session:
        retry(session, event, due_at=later, counts=counts, code="vendor_trouble",
              reason="ShipHero had trouble.", now=MORNING)  # fmt: skip

    row, [attempt] = books.row(event.id), books.attempts(event.id)
    assert (row.due_at, row.generation, row.failures) == (later, 2, failures)
    assert (row.published_at, row.claimed_until, row.settled_at) == (None, None, None)
    assert (row.reason_code, row.reason) == ("vendor_trouble", "ShipHero had trouble.")
    assert (attempt.result, attempt.ended_at) == ("retry", MORNING)


def test_the_next_attempt_is_numbered_on_and_knows_the_failures(books: Books) -> None:
    event = books.a_claim()
    with books.session() as session:
        retry(session, event, due_at=MORNING, counts=True, code="", reason="", now=MORNING)

    [again] = books.claim(books.publish()).events

    assert (again.attempt, again.failures, again.generation) == (2, 1, 2)


def test_a_reason_that_the_database_refuses_does_not_stop_the_settling(books: Books) -> None:
    event = books.a_claim()
    odd = Dead(code="refused", reason="ShipHero says \x00 and \ud83d.")

    with books.session() as session:
        kill(session, event, odd, now=MORNING)

    assert books.row(event.id).reason == "ShipHero says \ufffd and \ufffd."


def test_a_delivery_supersedes_what_was_stuck_on_the_same_subject(books: Books) -> None:
    dead = books.a_claim("501")
    with books.session() as session:
        kill(session, dead, REFUSED, now=MORNING)
    held = books.announce("501")
    books.rewrite(held, hold_cause="warehouse_undecided:5", hold_version=1)
    event = books.a_claim("501")

    with books.session() as session:
        settle(session, event, DONE, now=MORNING)

    assert [row.outcome for row in books.rows()] == ["superseded", "superseded", "delivered"]
    assert books.row(held).hold_cause is None


def test_a_delivery_about_nothing_in_particular_supersedes_nothing(books: Books) -> None:
    dead = books.a_claim("")
    with books.session() as session:
        kill(session, dead, REFUSED, now=MORNING)
    event = books.a_claim("")

    with books.session() as session:
        settle(session, event, DONE, now=MORNING)

    assert [row.outcome for row in books.rows()] == ["dead", "delivered"]


def test_a_late_delivery_supersedes_what_was_recorded_before_it_looked(books: Books) -> None:
    early = books.announce("501")
    books.clock.pass_(minutes=1)
    later = books.announce("501")
    books.rewrite(later, outcome="dead", settled_at=books.clock())
    books.clock.pass_(minutes=1)
    [event] = books.claim(books.publish()).events

    with books.session() as session:
        settle(session, event, DONE, now=books.clock())

    assert (event.id, books.row(later).outcome) == (early, "superseded")


@pytest.mark.parametrize(
    "other",
    [{"subject": "502"}, {"name": "goods_out_note.destroyed"}, {"recorded_at": MORNING
     + timedelta(minutes=1)}, {"outcome": "skipped"}, {"outcome": "delivered"}],
    ids=["another subject", "another name", "recorded since", "skipped", "delivered"],
)  # fmt: skip
def test_a_delivery_leaves_alone(books: Books, other: dict[str, object]) -> None:
    kept = books.announce("501")
    books.rewrite(kept, **{"outcome": "dead", "settled_at": MORNING, **other})
    before = books.row(kept)
    event = books.a_claim("501")

    with books.session() as session:
        settle(session, event, DONE, now=MORNING + timedelta(minutes=2))

    assert books.row(kept) == before


def test_a_delivery_leaves_another_accounts_dead_letters_alone(books: Books) -> None:
    other = books.announce("501", account_id=books.open_account("other"))
    books.rewrite(other, outcome="dead", settled_at=MORNING)
    event = books.a_claim("501")

    with books.session() as session:
        settle(session, event, DONE, now=MORNING)

    assert books.row(other).outcome == "dead"


def test_a_skip_supersedes_nothing(books: Books) -> None:
    dead = books.announce("501")
    books.rewrite(dead, outcome="dead", settled_at=MORNING)
    event = books.a_claim("501")

    with books.session() as session:
        settle(session, event, Skipped(code="echo", reason="."), now=MORNING)

    assert books.row(dead).outcome == "dead"

"""A person has a note's order cancelled, or the note sent anew: never two orders that live."""

from dataclasses import replace
from typing import Any

import pytest

from services.shiphero_push.asked import cancel_orders, send_anew
from services.shiphero_push.consumer import follow
from services.shiphero_push.handler import push_goods_out_notes
from shared.accounts import DELETED_ASK
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.events import ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED, Event
from shared.notes.progress import Standing, move
from shared.notes.state import DONE, ORDER
from shared.outcome import Busy, Delivered, Outcome, Skipped
from tests.builders import a_goods_out_note
from tests.unit.core.notebook import NOON, an_event
from tests.unit.shiphero_push.changing import at_shiphero, destroy, forget_calls, send
from tests.unit.shiphero_push.pushing import Pushing, alike, told_of

FIRST, SECOND = "GO-demo-501", "GO-demo-501.2"


def asked(name: str, key: str = FIRST) -> Event:
    return an_event(name=name, payload={"key": key})


def cancel(pushing: Pushing, key: str = FIRST) -> Outcome:
    [unit] = cancel_orders([asked(ORDER_CANCEL_REQUESTED, key)], desk=pushing.desk)
    return alike(unit.run())


def resend(pushing: Pushing, key: str = FIRST) -> Outcome:
    """Ask for the note anew, and keep what the settlement keeps."""
    event = asked(ORDER_RESEND_REQUESTED, key)
    [unit] = send_anew([event], desk=pushing.desk)
    outcome = alike(unit.run())
    with pushing.book.session() as session:
        if isinstance(outcome, Delivered) and outcome.keep is not None:
            outcome.keep(session, pushing.book.now)
        follow(session, event, outcome, NOON)
        session.commit()
    return outcome


def canceled(pushing: Pushing) -> Pushing:
    """Send note 501 and have the warehouse cancel its order."""
    at_shiphero(send(pushing), fulfillment_status="canceled")
    return pushing


def keys(pushing: Pushing) -> list[tuple[str, bool]]:
    """Give the orders at ShipHero: each key, and whether it lives."""
    return [(order.partner_order_id, not order.canceled) for order in pushing.shiphero.orders]


def test_where_a_person_wants_to_be_asked_the_order_stays(pushing: Pushing) -> None:
    send(pushing)
    pushing.settings = replace(pushing.settings, deleted_policy=DELETED_ASK)

    with pytest.raises(Permanent, match="stays, as the settings want it") as refused:
        destroy(pushing)
    was_left = [order.canceled for order in pushing.shiphero.orders]
    outcome = cancel(pushing)

    assert (refused.value.code, was_left) == ("cancel_refused", [False])
    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert [order.canceled for order in pushing.shiphero.orders] == [True]


def test_an_order_is_cancelled_as_asked_and_not_sent_again_by_itself(pushing: Pushing) -> None:
    send(pushing)

    outcome = cancel(pushing)
    pushing.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "canceled_on_request"
    assert keys(pushing) == [(FIRST, False)]
    assert [link.canceled_at for link in pushing.book.links()] == [NOON]


def test_asking_twice_cancels_once(pushing: Pushing) -> None:
    send(pushing)

    cancel(pushing)
    cancel(pushing)

    assert pushing.shiphero.calls.count("cancel_order") == 1


def test_what_has_begun_to_ship_is_not_cancelled_and_a_person_is_told(pushing: Pushing) -> None:
    send(pushing)
    pushing.shiphero.ship(pushing.shiphero.orders[0].id, "1Z-1")
    forget_calls(pushing)

    with pytest.raises(Permanent, match="something of it has been shipped") as refused:
        cancel(pushing)

    assert refused.value.code == "cancel_not_possible"
    assert "cancel_order" not in pushing.shiphero.calls


def test_a_refused_request_leaves_the_note_where_it_stands(pushing: Pushing) -> None:
    event = asked(ORDER_CANCEL_REQUESTED)
    with pushing.book.session() as session:
        move(session, event, 501, ORDER, Standing(stage=DONE), now=NOON)
        follow(session, event, Skipped(code="nothing_sent", reason="x"), NOON)
        session.commit()

    assert pushing.book.row().order_stage == DONE


@pytest.mark.parametrize("act", [cancel, resend])
def test_nothing_is_done_about_a_note_that_was_never_sent(pushing: Pushing, act: Any) -> None:
    outcome = act(pushing)

    assert isinstance(outcome, Skipped)
    assert outcome.code == "nothing_sent"
    assert pushing.shiphero.calls == []


@pytest.mark.parametrize("act", [cancel, resend])
def test_another_that_works_on_the_note_goes_first(pushing: Pushing, act: Any) -> None:
    send(pushing)

    with pushing.book.notes_of("another").leased(501):
        outcome = act(pushing)

    assert isinstance(outcome, Busy)
    assert pushing.shiphero.calls == []


@pytest.mark.parametrize("act", [cancel, resend])
def test_a_deletion_meanwhile_wins(pushing: Pushing, act: Any) -> None:
    send(pushing)
    pushing.book.notes.deleted(501, said_now=True)

    outcome = act(pushing)

    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert keys(pushing) == [(FIRST, False)]


def test_a_cancelled_note_is_sent_anew_under_the_next_key(pushing: Pushing) -> None:
    canceled(pushing)

    outcome = resend(pushing)
    done = pushing.push()

    assert isinstance(outcome, Delivered)
    assert [event.subject for event in outcome.follow_ons] == ["501"]
    assert isinstance(done, Delivered)
    assert keys(pushing) == [(FIRST, False), (SECOND, True)]
    assert pushing.book.row().shiphero_order_id == f"SH-{SECOND}"


def test_the_log_shows_it_as_cancelled_and_then_as_queued(pushing: Pushing) -> None:
    canceled(pushing)
    with pushing.book.session() as session:
        move(session, told_of(501), 501, ORDER, Standing(stage=DONE), now=NOON)
        session.commit()

    resend(pushing)

    row = pushing.book.row()
    assert (row.order_stage, row.order_reason_code) == ("queued", "sent_anew")
    assert (row.shiphero_order_id, row.synced_at) == ("", None)
    stages = [event.payload["stage"] for event in pushing.book.events()]
    assert stages == ["done", "canceled", "queued"]


def test_asking_twice_makes_one_new_order(pushing: Pushing) -> None:
    canceled(pushing)

    resend(pushing)
    resend(pushing)
    pushing.push()
    late = resend(pushing)
    pushing.push()

    assert isinstance(late, Skipped)
    assert late.code == "asked_of_replaced_order"
    assert keys(pushing) == [(FIRST, False), (SECOND, True)]


def test_nothing_is_sent_anew_while_an_order_lives(pushing: Pushing) -> None:
    send(pushing)

    outcome = resend(pushing)
    pushing.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "order_lives"
    assert keys(pushing) == [(FIRST, True)]


def test_nothing_is_sent_anew_while_a_lost_order_is_looked_for(pushing: Pushing) -> None:
    pushing.shiphero.fails_on = {"create_order": UnknownOutcome("the answer was lost")}
    pushing.fail()

    outcome = resend(pushing)

    assert isinstance(outcome, Skipped)
    assert outcome.code == "order_looked_for"
    assert [link.generation for link in pushing.book.links()] == [1]


def test_a_lost_order_that_turned_out_cancelled_can_be_sent_anew(pushing: Pushing) -> None:
    pushing.shiphero.loses_answers = True
    pushing.fail()
    pushing.shiphero.loses_answers = False
    at_shiphero(pushing, fulfillment_status="canceled")

    resend(pushing)
    pushing.push()

    assert keys(pushing) == [(FIRST, False), (SECOND, True)]


def test_a_refused_create_stays_asked_for_and_is_not_looked_for_first(pushing: Pushing) -> None:
    canceled(pushing)
    resend(pushing)
    pushing.shiphero.fails_on = {"create_order": Transient("ShipHero has trouble")}
    pushing.fail()
    pushing.shiphero.fails_on = {}

    done = pushing.push()

    assert isinstance(done, Delivered)
    assert keys(pushing) == [(FIRST, False), (SECOND, True)]


def test_a_lost_answer_to_the_new_create_is_looked_for_under_the_new_key(pushing: Pushing) -> None:
    canceled(pushing)
    resend(pushing)
    pushing.shiphero.loses_answers = True
    pushing.fail()
    pushing.shiphero.loses_answers = False

    done = pushing.push()

    assert isinstance(done, Delivered)
    assert "adopted" in done.summary
    assert keys(pushing) == [(FIRST, False), (SECOND, True)]


def test_a_process_that_died_between_asking_and_creating_makes_one_order(pushing: Pushing) -> None:
    canceled(pushing)
    resend(pushing)
    [unit] = push_goods_out_notes([told_of(501)], desk=pushing.desk)

    unit.run()
    unit.run()

    assert keys(pushing) == [(FIRST, False), (SECOND, True)]


def test_a_note_deleted_after_it_was_asked_for_is_not_sent(pushing: Pushing) -> None:
    canceled(pushing)
    resend(pushing)
    forget_calls(pushing)

    outcome = destroy(pushing)
    pushing.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "note_deleted"
    assert pushing.shiphero.calls == []


def test_a_note_that_was_shipped_meanwhile_is_not_sent_anew(pushing: Pushing) -> None:
    canceled(pushing)
    resend(pushing)
    pushing.brightpearl.notes[501] = a_goods_out_note(status={"shipped": True})

    outcome = pushing.push()

    assert isinstance(outcome, Skipped)
    assert keys(pushing) == [(FIRST, False)]

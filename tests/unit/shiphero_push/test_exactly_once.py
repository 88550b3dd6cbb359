"""One ShipHero order a note, whatever becomes of the answer to creating it."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    OurTrouble,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)
from shared.outcome import Delivered
from tests.builders import a_line_item, a_shiphero_order
from tests.unit.core.notebook import NOON
from tests.unit.shiphero_push.pushing import Pushing

# What an empty look asks: our key first, then whatever bears the order's number.
LOOK = ["orders_by_key", "orders_by_number"]


def lose_the_answer(pushing: Pushing, *, made: bool) -> None:
    """Have the first create end without an answer; `made` tells whether it happened."""
    lost = UnknownOutcome("the answer was lost")
    pushing.shiphero.loses_answers = made
    pushing.shiphero.fails_on = {} if made else {"create_order": lost}
    assert isinstance(pushing.fail(), UnknownOutcome)
    pushing.shiphero.loses_answers = False
    pushing.shiphero.fails_on = {}
    pushing.shiphero.calls.clear()


def look(pushing: Pushing, times: int, *, every: float = 300) -> list[Exception]:
    """Push again and again, `every` seconds, each time without success."""
    errors = []
    for _ in range(times):
        pushing.book.wait(seconds=every)
        errors.append(pushing.fail())
    return errors


def test_a_lost_answer_leaves_the_intent(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)

    [link] = pushing.book.links()
    assert (link.key, link.shiphero_order_id, link.intended_at) == ("GO-demo-501", "", NOON)


def test_the_next_attempt_finds_and_adopts_what_was_made(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=True)

    outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert outcome.reference == "SH-GO-demo-501"
    assert outcome.summary == "Order WEB-4001 found there and adopted, not sent twice."
    # What changed on the note meanwhile is seen by a look of its own.
    assert [one.name for one in outcome.follow_ons] == ["goods_out_note.changed"]
    assert pushing.shiphero.calls == ["orders_by_key"]
    assert [link.adopted for link in pushing.book.links()] == [True]


def test_an_adopted_order_is_not_looked_for_again(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=True)
    pushing.push()
    pushing.shiphero.calls.clear()

    pushing.push()

    assert pushing.shiphero.calls == []


def test_a_process_that_died_after_the_create_is_found_out(pushing: Pushing) -> None:
    class Killed(BaseException):
        pass

    made = pushing.shiphero.create_order

    def die_after(new: Any) -> Any:
        made(new)
        raise Killed

    pushing.shiphero.create_order = die_after  # type: ignore[method-assign]
    with pytest.raises(Killed):
        pushing.push()
    pushing.book.wait(minutes=2)  # the lease of the dead runs out

    assert isinstance(pushing.push(), Delivered)
    assert len(pushing.shiphero.orders) == 1


def test_a_link_that_our_database_lost_on_the_way_is_found_again(
    pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_given: object, **_more: object) -> None:
        raise OurTrouble("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(pushing.book.notes, "linked", lose)
        assert isinstance(pushing.fail(), OurTrouble)

    assert isinstance(pushing.push(), Delivered)
    assert [link.adopted for link in pushing.book.links()] == [True]
    assert len(pushing.shiphero.orders) == 1


def test_it_is_not_repeated_before_five_empty_looks(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)

    errors = look(pushing, 4, every=3600)

    assert {type(error) for error in errors} == {UnknownOutcome}
    assert pushing.shiphero.calls == LOOK * 4


def test_it_is_not_repeated_before_the_patience_is_over(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)

    errors = look(pushing, 14, every=60)

    assert {type(error) for error in errors} == {UnknownOutcome}
    assert pushing.shiphero.calls == LOOK * 14


def test_after_five_empty_looks_and_the_patience_it_is_sent_again(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    look(pushing, 4)

    pushing.book.wait(minutes=5)
    outcome = pushing.push()

    assert outcome == Delivered(reference="SH-GO-demo-501", summary="Order WEB-4001 at ShipHero.")
    assert len(pushing.shiphero.orders) == 1


def test_a_repeat_whose_answer_is_lost_is_looked_for_from_the_beginning(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    look(pushing, 4)
    pushing.shiphero.fails_on = {"create_order": UnknownOutcome("lost again")}
    look(pushing, 1)
    pushing.shiphero.calls.clear()

    look(pushing, 4)

    assert pushing.shiphero.calls == LOOK * 4


def test_a_late_order_is_adopted_even_after_empty_looks(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    look(pushing, 3)
    pushing.shiphero.orders.append(a_shiphero_order(id="SH-LATE", partner_order_id="GO-demo-501"))

    outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert outcome.reference == "SH-LATE"


@pytest.mark.parametrize("spelling", ["canceled", "Cancelled"])
def test_a_cancelled_order_is_neither_adopted_nor_sent_again(
    pushing: Pushing, spelling: str
) -> None:
    lose_the_answer(pushing, made=False)
    pushing.shiphero.orders.append(
        a_shiphero_order(partner_order_id="GO-demo-501", fulfillment_status=spelling)
    )

    errors = look(pushing, 6)

    assert {(type(error), getattr(error, "code", "")) for error in errors} == {
        (Permanent, "order_canceled")
    }
    assert "create_order" not in pushing.shiphero.calls


def test_the_live_one_beside_a_cancelled_one_is_adopted(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    pushing.shiphero.orders += [
        a_shiphero_order(id="SH-OLD", fulfillment_status="canceled"),
        a_shiphero_order(id="SH-LIVE"),
    ]

    outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert outcome.reference == "SH-LIVE"


def test_two_live_orders_wait_for_a_person(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    pushing.shiphero.orders += [
        a_shiphero_order(id="SH-A", legacy_id=71),
        a_shiphero_order(id="SH-B", legacy_id=None),
    ]

    with pytest.raises(Permanent, match=r"has 2 orders for note 501 \(71, SH-B\)") as raised:
        pushing.push()

    assert raised.value.code == "several_orders"


def test_an_order_of_another_key_is_never_adopted(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    pushing.shiphero.orders.append(
        a_shiphero_order(
            partner_order_id="GO-demo-5010",
            order_number="WEB-4001",
            line_items=(a_line_item(partner_line_item_id="GO-demo-5010-8001"),),
        )
    )

    assert isinstance(pushing.fail(), UnknownOutcome)


@pytest.mark.parametrize(
    "refusal",
    [
        Permanent("a value is wrong"),
        Throttled("out of credits", until=NOON),
        Transient("no connection"),
        ConnectionBroken("refused", vendor="shiphero"),
    ],
)
def test_a_definite_refusal_takes_the_intent_back(pushing: Pushing, refusal: GoodsoutError) -> None:
    pushing.shiphero.fails_on = {"create_order": refusal}

    assert pushing.fail() is refusal
    assert pushing.book.links() == []


def test_a_throttled_create_does_not_turn_into_checking(pushing: Pushing) -> None:
    pushing.shiphero.fails_on = {"create_order": Throttled("out of credits", until=NOON)}
    pushing.fail()
    pushing.shiphero.fails_on = {}
    pushing.shiphero.calls.clear()

    assert isinstance(pushing.push(), Delivered)
    assert pushing.shiphero.calls == ["create_order"]


def test_an_outage_of_the_look_up_passes_through_and_counts_as_no_look(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    pushing.shiphero.fails_on = {"orders_by_key": Transient("ShipHero is down")}

    errors = look(pushing, 6)

    assert {type(error) for error in errors} == {Transient}
    assert [link.empty_lookups for link in pushing.book.links()] == [0]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda pushing: setattr(pushing.shiphero, "orders", [a_shiphero_order()]), LOOK[:1]),
        (lambda pushing: pushing.book.wait(hours=3), LOOK),
    ],
)
def test_an_intent_is_looked_up_before_anything_is_created(
    pushing: Pushing, change: Callable[[Pushing], None], asked: list[str]
) -> None:
    lose_the_answer(pushing, made=False)
    change(pushing)

    pushing.push_all(501)

    assert pushing.shiphero.calls == asked

"""A note that is deleted while its order is being created, or while that is still looked for."""

from typing import Any

import pytest

from services.shiphero_push.handler import push_goods_out_notes
from shared.errors import UnknownOutcome
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.vendors.shiphero.models import OrderRef
from shared.vendors.shiphero.new_order import NewOrder
from tests.builders import a_shiphero_order
from tests.unit.core.notebook import NOON
from tests.unit.shiphero_push.changing import destroy, forget_calls
from tests.unit.shiphero_push.pushing import Pushing, told_of


def lose_the_answer(pushing: Pushing, *, made: bool) -> None:
    """Have the create end without an answer; `made` tells whether it happened."""
    lost = UnknownOutcome("the answer was lost")
    pushing.shiphero.loses_answers = made
    pushing.shiphero.fails_on = {} if made else {"create_order": lost}
    pushing.fail()
    pushing.shiphero.loses_answers, pushing.shiphero.fails_on = False, {}
    forget_calls(pushing)


def test_a_deletion_while_the_order_is_being_created_ends_with_the_order_cancelled(
    pushing: Pushing,
) -> None:
    create = pushing.shiphero.create_order
    crossed: list[Outcome] = []

    def create_while_it_is_deleted(new: NewOrder) -> OrderRef:
        crossed.append(destroy(pushing))
        return create(new)

    pushing.shiphero.create_order = create_while_it_is_deleted  # type: ignore[method-assign]
    pushing.push()

    outcome = destroy(pushing)

    assert [type(one) for one in crossed] == [Busy]
    assert isinstance(outcome, Delivered)
    assert [order.canceled for order in pushing.shiphero.orders] == [True]


def test_a_deletion_between_reading_and_creating_sends_nothing(pushing: Pushing) -> None:
    [unit] = push_goods_out_notes([told_of(501)], desk=pushing.desk)
    destroy(pushing)

    outcome = unit.run()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "note_deleted"
    assert pushing.shiphero.calls == []


@pytest.mark.parametrize("event", ["deletion", "change"])
def test_a_deletion_while_the_answer_is_looked_for_cancels_what_is_found(
    pushing: Pushing, event: str
) -> None:
    lose_the_answer(pushing, made=True)
    pushing.book.notes.deleted(501, said_now=True)

    outcome = destroy(pushing) if event == "deletion" else pushing.push()

    assert isinstance(outcome, Delivered)
    assert (outcome.reference, outcome.code) == (
        "SH-GO-demo-501", "order_canceled_for_deleted_note",
    )  # fmt: skip
    [link] = pushing.book.links()
    assert (link.shiphero_order_id, link.canceled_at) == ("SH-GO-demo-501", NOON)


def test_what_never_shows_after_a_deletion_is_looked_for_as_long_as_usual(pushing: Pushing) -> None:
    lose_the_answer(pushing, made=False)
    for _ in range(4):
        pushing.book.wait(minutes=3)
        with pytest.raises(UnknownOutcome, match="cancelled as soon as it shows"):
            destroy(pushing)

    pushing.book.wait(minutes=3)
    outcome = destroy(pushing)

    assert outcome == Skipped(
        code="note_deleted", reason="The note was deleted, and order WEB-4001 was never made."
    )
    assert pushing.shiphero.orders == []


@pytest.mark.parametrize("shown", [{}, {"order_number": "WEB-4001", "partner_order_id": "12"}])
def test_an_order_that_shows_late_is_cancelled_and_never_adopted(
    pushing: Pushing, shown: dict[str, Any]
) -> None:
    lose_the_answer(pushing, made=False)
    with pytest.raises(UnknownOutcome):
        destroy(pushing)
    pushing.shiphero.orders.append(a_shiphero_order(id="SH-LATE", **shown))

    destroy(pushing)

    assert [order.canceled for order in pushing.shiphero.orders] == [True]
    assert [link.adopted for link in pushing.book.links()] == [False]

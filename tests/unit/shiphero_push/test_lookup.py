"""An order that ShipHero has although we were not told so is found, or left to a person."""

from datetime import timedelta
from typing import Any

import pytest

from services.shiphero_push.handler import push_goods_out_notes
from services.shiphero_push.lookup import FRESH, is_fresh, known_before, look_up
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.events import Lane
from shared.notes.key import NoteKey
from shared.outcome import Delivered, Outcome
from shared.vendors.shiphero.models import ShipHeroOrder
from tests.builders import MORNING, a_goods_out_note, a_line_item, a_shiphero_order
from tests.unit.core.notebook import an_event
from tests.unit.shiphero_push.pushing import PATIENCE, Pushing, alike

KEY = NoteKey(account="demo", note_id=501)
NUMBER = "WEB-4001"


def has(pushing: Pushing, *orders: ShipHeroOrder) -> None:
    """Let ShipHero have exactly these orders."""
    pushing.shiphero.orders = list(orders)


def numbered(*line_ids: str, **fields: Any) -> ShipHeroOrder:
    """Build an order of our number that bears another key than ours."""
    lines = tuple(a_line_item(partner_line_item_id=one) for one in line_ids)
    given = {"id": "SH-WEB", "partner_order_id": "WEB-SHOP-1", "order_number": NUMBER}
    return a_shiphero_order(**{**given, "line_items": lines, **fields})


def push_stale(pushing: Pushing) -> Outcome:
    """Push note 501 as a comparison finds it."""
    event = an_event(subject="501", recorded_at=MORNING, lane=Lane.BACKFILL)
    [unit] = push_goods_out_notes([event], desk=pushing.desk)
    return alike(unit.run())


@pytest.fixture
def intended(pushing: Pushing) -> Pushing:
    """Give a desk whose create of note 501 ended without an answer and without an order."""
    pushing.shiphero.fails_on = {"create_order": UnknownOutcome("the answer was lost")}
    assert isinstance(pushing.fail(), UnknownOutcome)
    pushing.shiphero.fails_on = {}
    pushing.shiphero.calls.clear()
    return pushing


def look(pushing: Pushing) -> ShipHeroOrder | None:
    """Look once for the order of note 501."""
    known = pushing.book.notes.link(501)
    assert known is not None
    return look_up(501, known, desk=pushing.desk)


def look_often(pushing: Pushing) -> None:
    """Look until one look is left before the create may be repeated."""
    for _ in range(4):
        with pytest.raises(UnknownOutcome):
            look(pushing)
    pushing.book.now += PATIENCE


@pytest.mark.parametrize(
    ("lane", "after", "fresh"),
    [
        (Lane.LIVE, timedelta(0), True),
        (Lane.LIVE, FRESH, True),
        (Lane.LIVE, FRESH + timedelta(seconds=1), False),
        (Lane.LIVE, timedelta(seconds=-5), True),  # the vendor's clock is ahead of ours
        (Lane.BACKFILL, timedelta(0), False),
    ],
)
def test_a_note_is_fresh_when_it_was_told_of_live_and_as_soon_as_it_was_made(
    lane: Lane, after: timedelta, *, fresh: bool
) -> None:
    event = an_event(lane=lane, recorded_at=MORNING + after)

    assert is_fresh(a_goods_out_note(created_on=MORNING), event) is fresh


def test_a_fresh_note_is_created_without_a_look(pushing: Pushing) -> None:
    pushing.push()

    assert pushing.shiphero.calls == ["create_order"]


def test_a_note_that_is_not_fresh_costs_one_lean_look_before_its_create(pushing: Pushing) -> None:
    push_stale(pushing)

    assert pushing.shiphero.calls == ["has_order", "create_order"]


def test_an_order_that_we_forgot_is_adopted(pushing: Pushing) -> None:
    has(pushing, a_shiphero_order())

    outcome = push_stale(pushing)

    assert isinstance(outcome, Delivered)
    assert outcome.reference == "SH-501"
    assert pushing.shiphero.calls == ["has_order", "orders_by_key"]
    [link] = pushing.book.links()
    assert (link.key, link.shiphero_order_id, link.order_number, link.adopted) == (
        "GO-demo-501", "SH-501", "WEB-4001/1", True,
    )  # fmt: skip


def test_an_outage_of_the_look_before_the_first_create_passes_through(pushing: Pushing) -> None:
    pushing.shiphero.fails_on = {"has_order": Transient("ShipHero is down")}

    with pytest.raises(Transient):
        push_stale(pushing)

    assert (pushing.shiphero.orders, pushing.book.links()) == ([], [])


def test_what_went_between_two_looks_is_created(pushing: Pushing) -> None:
    has(pushing, a_shiphero_order(partner_order_id="GO-demo-5010"))

    assert known_before(501, KEY, desk=pushing.desk) is None


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        ([a_shiphero_order(id="SH-A"), a_shiphero_order(id="SH-B")], "several_orders"),
        ([a_shiphero_order(fulfillment_status="canceled")], "order_canceled"),
    ],
)
def test_what_we_forgot_and_cannot_adopt_waits_for_a_person(
    pushing: Pushing, orders: list[ShipHeroOrder], code: str
) -> None:
    has(pushing, *orders)

    with pytest.raises(Permanent) as raised:
        push_stale(pushing)

    assert raised.value.code == code
    assert "create_order" not in pushing.shiphero.calls
    assert pushing.book.links() == []


def test_an_order_of_our_number_with_our_lines_is_ours(intended: Pushing) -> None:
    ours = numbered("GO-demo-501-8001")
    has(intended, ours)

    assert look(intended) == ours
    assert intended.shiphero.calls == ["orders_by_key", "orders_by_number"]


def test_one_line_of_ours_is_enough(intended: Pushing) -> None:
    ours = numbered("", "GO-demo-501-8001")
    has(intended, ours)

    assert look(intended) == ours


def test_the_key_is_believed_before_the_number(intended: Pushing) -> None:
    ours = a_shiphero_order()
    has(intended, numbered("GO-demo-501-8001"), ours)

    assert look(intended) == ours
    assert intended.shiphero.calls == ["orders_by_key"]


@pytest.mark.parametrize(
    "line_id",
    [
        "",
        "8001",
        "GO-demo-5010-8001",  # a longer note id
        "GO-demo-501.2-8001",  # another generation of the note
        "GO-demo-501-9-8001",  # note 9 of an account called demo-501
        "GO-other-501-8001",
    ],
)
def test_lines_of_another_key_are_not_ours(intended: Pushing, line_id: str) -> None:
    has(intended, numbered(line_id))

    with pytest.raises(UnknownOutcome):
        look(intended)


def test_a_web_shops_order_of_our_number_does_not_end_the_looking(intended: Pushing) -> None:
    has(intended, numbered("8001"))
    look_often(intended)
    has(intended, numbered("8001"), a_shiphero_order())

    found = look(intended)

    assert found is not None
    assert found.id == "SH-501"


def test_after_all_looks_anothers_order_of_our_number_waits_for_a_person(
    intended: Pushing,
) -> None:
    has(intended, numbered("8001", legacy_id=77))
    look_often(intended)

    with pytest.raises(Permanent, match=rf"{NUMBER}.*\(77\).*delete the note") as raised:
        look(intended)

    assert raised.value.code == "same_number_there"


def test_after_all_looks_a_cancelled_order_of_our_number_is_no_hindrance(
    intended: Pushing,
) -> None:
    has(intended, numbered("8001", fulfillment_status="canceled"))
    look_often(intended)

    assert look(intended) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([{"id": "SH-A"}, {"id": "SH-B"}], "several_orders"),
        ([{"fulfillment_status": "canceled"}], "order_canceled"),
    ],
)
def test_our_lines_in_several_or_cancelled_orders_wait_for_a_person(
    intended: Pushing, fields: list[dict[str, str]], code: str
) -> None:
    has(intended, *(numbered("GO-demo-501-8001", **each) for each in fields))

    with pytest.raises(Permanent) as raised:
        look(intended)

    assert raised.value.code == code


def test_an_outage_of_the_look_by_number_counts_as_no_look(intended: Pushing) -> None:
    intended.shiphero.fails_on = {"orders_by_number": Transient("ShipHero is down")}

    with pytest.raises(Transient):
        look(intended)

    assert [link.empty_lookups for link in intended.book.links()] == [0]

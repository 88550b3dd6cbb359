"""Writing many notes back in few requests, each note with an end of its own."""

from dataclasses import replace

import pytest

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)
from shared.outcome import Busy, Delivered, Skipped
from shared.vendors.brightpearl.faults import VersionMoved
from tests.builders import a_goods_out_note
from tests.fakes.vendors_shiphero import SHIPPED_AT
from tests.unit.core.notebook import NOON, Notebook
from tests.unit.shipment_return.batching import Batching

LOST = UnknownOutcome("the answer was lost")
WRONG = Permanent("Brightpearl refused: a value is wrong", code="brightpearl_refused")


def test_fifty_notes_go_back_in_twelve_requests(book: Notebook) -> None:
    batching = Batching(book, notes=50)

    assert batching.kinds() == ["Delivered"] * 50
    assert batching.troubled.shipped == set(batching.note_ids)
    expected = ["goods_out_notes", *["ship_notes"] * 10, "goods_out_notes"]
    assert batching.troubled.calls == expected


def test_each_note_of_a_batch_gets_its_own_tracking_owner_and_time(book: Notebook) -> None:
    batching = Batching(book, notes=7)

    ends = batching.ends()

    assert ends[507] == Delivered(reference="4507/1", summary="Tracking 1Z-TEST-507-0.")
    note = batching.troubled.notes[507]
    assert (note.shipping.reference, note.shipping.boxes) == ("1Z-TEST-507-0", 1)
    assert (note.priority, note.shipping.shipping_method_id) == (True, 5)
    [event] = note.events
    assert (event.event_owner_id, event.occurred) == (31, SHIPPED_AT)
    assert book.row(507).tracking == "1Z-TEST-507-0"


def test_a_batch_delivered_again_writes_nothing(book: Notebook) -> None:
    batching = Batching(book, notes=6)
    first = batching.ends()
    batching.troubled.calls.clear()
    batching.shiphero.calls.clear()

    assert batching.ends() == first
    assert batching.troubled.calls == []
    assert batching.shiphero.calls == ["order"] * 6


def test_a_refused_note_leaves_the_others_and_goes_alone_next(book: Notebook) -> None:
    batching = Batching(book, notes=7)
    batching.troubled.refuses[503] = WRONG

    ends = batching.ends()

    refused = ends.pop(503)
    assert isinstance(refused, Transient)
    assert refused.code == "refused_in_batch"
    assert str(refused).startswith("Brightpearl refused: a value is wrong Note 503 was written")
    assert {type(end) for end in ends.values()} == {Delivered}
    assert batching.troubled.sent == [(501, 502, 503, 504, 505), (504, 505, 506, 507)]


def test_a_note_refused_before_goes_alone_with_its_version_and_its_own_sentence(
    book: Notebook,
) -> None:
    batching = Batching(book, notes=3)
    batching.troubled.refuses[502] = WRONG
    events = batching.events()
    batching.batches.refusals = {events[1].id}

    ends = batching.ends(*events)

    assert ends[502] is WRONG
    assert batching.troubled.sent == [(501, 503)]
    assert batching.troubled.calls.count("write_details") == 1


def test_of_two_notes_neither_goes_in_a_batch_when_one_goes_alone(book: Notebook) -> None:
    batching = Batching(book, notes=2)
    events = batching.events()
    batching.batches.refusals = {events[1].id}

    assert batching.kinds(*events) == ["Delivered"] * 2
    assert batching.troubled.sent == []


def test_a_note_that_failed_often_goes_alone(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    events = batching.events()
    events[0] = replace(events[0], failures=3)

    assert batching.kinds(*events) == ["Delivered"] * 3
    assert batching.troubled.sent == [(502, 503)]


def test_notes_that_others_refusals_leave_unprocessed_twice_come_back_without_an_attempt(
    book: Notebook,
) -> None:
    batching = Batching(book, notes=5)
    batching.troubled.refuses = dict.fromkeys((501, 502), WRONG)

    assert batching.kinds() == ["Transient", "Transient", "Busy", "Busy", "Busy"]
    assert batching.troubled.sent == [(501, 502, 503, 504, 505), (502, 503, 504, 505)]


def test_a_note_shipped_by_hand_meanwhile_is_done_and_its_tracking_kept(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    by_hand = a_goods_out_note(id=502, order_id=4502, shipped=True)
    batching.troubled.before = lambda: batching.troubled.notes.update({502: by_hand})

    assert batching.kinds() == ["Delivered"] * 3
    [remark] = batching.troubled.remarks
    assert (remark.order_id, "1Z-TEST-502-0" in remark.text) == (4502, True)


def test_a_refusal_of_a_note_that_is_not_shipped_is_tried_again_alone(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.troubled.refuses[502] = VersionMoved("412")

    end = batching.ends()[502]

    assert isinstance(end, Transient)
    assert end.code == "refused_in_batch"


@pytest.mark.parametrize("lost", [LOST, Transient("502"), Transient("503"), UnknownOutcome("500")])
def test_a_lost_answer_after_the_effect_doubles_and_loses_nothing(
    book: Notebook, lost: GoodsoutError
) -> None:
    batching = Batching(book, notes=12)
    batching.troubled.troubles.extend([None, (lost, True)])

    assert batching.kinds() == ["Delivered"] * 12
    assert {batching.troubled.shipped_events(one) for one in batching.note_ids} == {1}


def test_a_lost_request_is_looked_up_and_sent_again(book: Notebook) -> None:
    batching = Batching(book, notes=12)
    batching.troubled.troubles.append((LOST, False))

    ends = batching.ends()

    assert [end is LOST for end in ends.values()] == [True] * 5 + [False] * 7
    assert batching.kinds() == ["Delivered"] * 12
    assert {batching.troubled.shipped_events(one) for one in batching.note_ids} == {1}


def test_two_lost_requests_in_a_row_leave_the_rest_unsent(book: Notebook) -> None:
    batching = Batching(book, notes=20)
    batching.troubled.troubles.extend([(LOST, False), (LOST, True)])

    kinds = batching.kinds()

    assert kinds == ["UnknownOutcome"] * 5 + ["Delivered"] * 5 + ["Transient"] * 10
    assert len(batching.troubled.sent) == 2


def test_lost_requests_with_one_taken_between_stop_nothing(book: Notebook) -> None:
    batching = Batching(book, notes=20)
    batching.troubled.troubles.extend([(LOST, False), None, (LOST, False)])

    kinds = batching.kinds()

    assert kinds == (["UnknownOutcome"] * 5 + ["Delivered"] * 5) * 2


@pytest.mark.parametrize(
    "end", [Throttled("busy", until=NOON), ConnectionBroken("no", vendor="brightpearl")]
)
def test_what_ends_all_leaves_what_was_sent_before(book: Notebook, end: GoodsoutError) -> None:
    batching = Batching(book, notes=15)
    batching.troubled.troubles.extend([None, (end, False)])

    ends = batching.ends()

    assert [one is end for one in ends.values()] == [False] * 5 + [True] * 10
    assert len(batching.troubled.sent) == 2


def test_a_budget_that_ends_before_the_first_request_needs_no_read_after(book: Notebook) -> None:
    batching = Batching(book, notes=5)
    batching.troubled.troubles.append((Throttled("busy", until=NOON), False))

    assert batching.kinds() == ["Throttled"] * 5
    assert batching.troubled.calls.count("goods_out_notes") == 1


def test_a_read_after_that_fails_leaves_the_notes_to_be_looked_at_again(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    busy = Throttled("busy", until=NOON)
    batching.troubled.refuses[503] = WRONG
    batching.troubled.after = lambda: batching.troubled.fails_on.update(goods_out_notes=busy)

    ends = batching.ends()

    assert [ends[501], ends[502]] == [busy, busy]
    assert isinstance(ends[503], Transient)
    batching.troubled.fails_on.clear()
    assert batching.kinds()[:2] == ["Delivered", "Delivered"]
    assert batching.troubled.shipped_events(501) == 1


def test_a_note_that_does_not_show_as_shipped_is_read_again(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.troubled.after = lambda: batching.troubled.hidden.add(502)

    end = batching.ends()[502]

    assert isinstance(end, Transient)
    assert end.code == "not_shipped_yet"


def test_one_unreadable_note_leaves_the_others(book: Notebook) -> None:
    batching = Batching(book, notes=50)
    batching.troubled.unreadable = {517}

    ends = batching.ends()

    unreadable = ends.pop(517)
    assert isinstance(unreadable, Transient)
    assert unreadable.code == "brightpearl_unreadable"
    assert {type(end) for end in ends.values()} == {Delivered}


def test_a_brightpearl_that_spoils_every_answer_is_not_asked_for_each_note(book: Notebook) -> None:
    batching = Batching(book, notes=50)
    batching.troubled.unreadable = set(batching.note_ids)

    assert batching.kinds() == ["Transient"] * 50
    assert len(batching.troubled.calls) < 40


def test_one_missing_note_leaves_the_others(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.troubled.hidden = {502}

    end = batching.ends()[502]

    assert isinstance(end, Transient)
    assert end.code == "note_not_found"
    assert batching.troubled.shipped == {501, 503}


def test_an_order_that_cannot_be_read_leaves_the_others(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.shiphero.orders = [one for one in batching.shiphero.orders if one.id != "SH-502"]

    assert batching.kinds() == ["Delivered", "Transient", "Delivered"]


def test_a_note_in_anothers_hands_is_left_out(book: Notebook) -> None:
    batching = Batching(book, notes=3)

    with book.notes_of("another").leased(502):
        ends = batching.ends()

    assert ends[502] == Busy(reason="Another delivery works on note 502.")
    assert batching.troubled.sent == [(501, 503)]


def test_a_part_shipment_in_a_batch_waits_for_the_rest(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.shiphero.orders[1] = batching.shiphero.orders[1].model_copy(update={"shipments": ()})

    end = batching.ends()[502]

    assert isinstance(end, Skipped)
    assert batching.troubled.sent == [(501, 503)]

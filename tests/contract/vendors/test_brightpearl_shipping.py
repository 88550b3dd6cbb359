"""What our fake, the sandbox and Brightpearl promise alike about writing shipments back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shared.vendors.brightpearl.faults import AlreadyThere, NoteGone, ReadAgain
from shared.vendors.brightpearl.models import (
    GoodsOutNote,
    NewNoteShipping,
    NoteDetails,
    NoteShipment,
    ShipState,
)
from shared.vendors.brightpearl.shipping import NOTES_AT_ONCE
from tests.contract.vendors.sides import BrightpearlSide, OpenNote

NOBODY = 999_999_999
AFTERNOON = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
SHIPPING = NewNoteShipping(reference="1Z-TEST-9", boxes=2, weight=Decimal("3.250"))
DETAILS = NoteDetails(priority=True, shipping=SHIPPING)

pytestmark = pytest.mark.writes


def _read(side: BrightpearlSide, note: OpenNote) -> GoodsOutNote:
    return side.client.goods_out_notes([note.id])[note.id]


def _shipment(side: BrightpearlSide, note_id: int) -> NoteShipment:
    return NoteShipment(
        note_id=note_id, details=DETAILS, occurred=AFTERNOON, event_owner_id=side.owner_id
    )


def _ship(side: BrightpearlSide, note: OpenNote, *, if_match: int | None) -> None:
    side.client.add_shipped_event(
        note.id, occurred=AFTERNOON, event_owner_id=side.owner_id, if_match=if_match
    )


def test_details_are_written_and_read_back(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    brightpearl.client.write_details(note.id, DETAILS)

    read = _read(brightpearl, note)
    assert (read.shipping.reference, read.shipping.boxes) == ("1Z-TEST-9", 2)
    assert read.shipping.weight == Decimal("3.25")
    assert read.priority
    assert not read.shipped


def test_writing_the_same_details_again_changes_nothing(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    brightpearl.client.write_details(note.id, DETAILS)
    before = _read(brightpearl, note)

    brightpearl.client.write_details(note.id, DETAILS)

    assert _read(brightpearl, note).shipping == before.shipping


def test_writing_to_a_missing_note_says_that_it_is_gone(brightpearl: BrightpearlSide) -> None:
    with pytest.raises(NoteGone):
        brightpearl.client.write_details(NOBODY, DETAILS)


def test_a_batch_stops_at_the_first_refusal(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    shipments = [_shipment(brightpearl, NOBODY), _shipment(brightpearl, note.id)]

    results = brightpearl.client.ship_notes(shipments)

    assert results[NOBODY].state is ShipState.REFUSED
    assert isinstance(results[NOBODY].error, NoteGone)
    assert results[note.id].state is ShipState.UNPROCESSED
    assert not _read(brightpearl, note).shipped


@pytest.mark.parametrize("count", [0, NOTES_AT_ONCE + 1])
def test_a_batch_holds_one_to_five_notes(brightpearl: BrightpearlSide, count: int) -> None:
    shipments = [_shipment(brightpearl, NOBODY + place) for place in range(count)]

    with pytest.raises(ValueError, match="one to 5 notes"):
        brightpearl.client.ship_notes(shipments)


def test_a_note_may_stand_in_a_batch_only_once(brightpearl: BrightpearlSide) -> None:
    with pytest.raises(ValueError, match="only once"):
        brightpearl.client.ship_notes([_shipment(brightpearl, NOBODY)] * 2)


@pytest.mark.ships
def test_a_note_is_shipped_with_the_version_read_before(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    brightpearl.client.write_details(note.id, DETAILS)

    _ship(brightpearl, note, if_match=_read(brightpearl, note).last_event_version)

    read = _read(brightpearl, note)
    assert (read.shipped, read.status.shipped_on) == (True, AFTERNOON)
    assert "SHW" in [event.event_code for event in read.events]


@pytest.mark.ships
def test_shipping_twice_says_read_again(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl, note.id)])

    with pytest.raises(ReadAgain):
        _ship(brightpearl, note, if_match=None)


@pytest.mark.ships
def test_an_older_version_says_read_again(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    version = _read(brightpearl, note).last_event_version
    assert version is not None

    with pytest.raises(ReadAgain):
        _ship(brightpearl, note, if_match=version - 1)


@pytest.mark.ships
def test_a_shipped_note_takes_no_details(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl, note.id)])

    with pytest.raises(AlreadyThere):
        brightpearl.client.write_details(note.id, DETAILS)


@pytest.mark.ships
def test_a_batch_ships_a_note_with_its_tracking(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    results = brightpearl.client.ship_notes([_shipment(brightpearl, note.id)])

    assert results[note.id].state is ShipState.SHIPPED
    read = _read(brightpearl, note)
    assert (read.shipped, read.shipping.reference) == (True, "1Z-TEST-9")


@pytest.mark.ships
def test_what_a_batch_did_before_a_refusal_stays_done(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    ids = (note.id, NOBODY, NOBODY + 1)

    results = brightpearl.client.ship_notes([_shipment(brightpearl, one) for one in ids])

    states = [results[one].state for one in ids]
    assert states == [ShipState.SHIPPED, ShipState.REFUSED, ShipState.UNPROCESSED]
    assert _read(brightpearl, note).shipped


@pytest.mark.ships
def test_a_shipped_note_is_not_among_the_open_ones(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl, note.id)])

    found = brightpearl.client.found_goods_out_notes(shipped=False)

    assert note.id not in {one.goods_out_note_id for one in found}

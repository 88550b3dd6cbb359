"""Sent notes that Brightpearl's list of open ones no longer shows."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import pytest

from shared.errors import Transient
from shared.events import (
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTE_MISSED,
    SHIPMENT_SUSPECTED,
)
from shared.outcome import Skipped
from shared.vendors.brightpearl.account_models import FoundNote
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.search import Page
from shared.watermarks import OPEN_NOTES
from tests.fakes.vendors import FakeBrightpearl
from tests.integration.reconciliation.merchant import Merchant


class ListsNothing(FakeBrightpearl):
    """A Brightpearl whose search is empty, whatever there is."""

    def notes_page(self, **_filters: object) -> Page[FoundNote]:
        """Find nothing."""
        return Page(rows=(), next_first=None, total=0)


class ShowsNothing(FakeBrightpearl):
    """A Brightpearl that answers 200 with nothing to every read."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Show nothing."""
        super().goods_out_notes(ids)
        return {}


def open_notes(merchant: Merchant, *note_ids: int) -> None:
    merchant.make_notes(*note_ids)
    merchant.send(*note_ids)


def replace_by(merchant: Merchant, other: FakeBrightpearl) -> None:
    other.notes = merchant.at_brightpearl.notes
    merchant.brightpearl = other


def test_open_notes_that_are_listed_are_no_suspects(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 601))

    merchant.compare_notes()

    assert merchant.missing_notes() == {}
    assert merchant.recorded(GOODS_OUT_NOTE_MISSED) == []
    assert "goods_out_notes" not in merchant.at_brightpearl.calls


def test_a_deleted_note_is_destroyed_once_after_two_looks(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2, 3)
    del merchant.at_brightpearl.notes[2]

    merchant.compare_notes()
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []
    assert merchant.missing_notes()[2].empty_looks == 1
    merchant.books.clock.pass_(seconds=59)
    merchant.work()
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []
    merchant.books.clock.pass_(seconds=6)
    merchant.work()

    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == ["2"]
    assert merchant.missing_notes() == {}
    merchant.books.clock.pass_(hours=2)
    merchant.compare_notes()
    merchant.books.clock.pass_(minutes=2)
    merchant.work()
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == ["2"]


def test_a_look_that_comes_twice_within_a_minute_counts_once(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2, 3)
    del merchant.at_brightpearl.notes[2]
    merchant.compare_notes()

    merchant.books.announce("2", name=GOODS_OUT_NOTE_MISSED, payload={"look": 2})
    [again] = merchant.work()

    assert isinstance(again, Skipped)
    assert again.code == "looked_just_now"
    assert merchant.missing_notes()[2].empty_looks == 1


def test_a_look_beside_a_witness_that_is_not_shown_does_not_count(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2, 3)
    del merchant.at_brightpearl.notes[2]
    replace_by(merchant, ShowsNothing())

    ended = merchant.compare_notes()

    assert [one.code for one in ended if isinstance(one, Transient)] == ["known_note_not_shown"]
    assert merchant.missing_notes()[2].empty_looks == 0
    for _ in range(5):
        merchant.books.clock.pass_(minutes=2)
        merchant.work()
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []


def test_a_single_open_note_without_a_witness_is_never_called_deleted(merchant: Merchant) -> None:
    open_notes(merchant, 1)
    del merchant.at_brightpearl.notes[1]

    merchant.compare_notes()
    merchant.books.clock.pass_(minutes=2)
    merchant.work()

    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []


def test_a_note_that_shows_again_is_no_suspect_any_more(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2, 3)
    kept = merchant.at_brightpearl.notes.pop(2)
    merchant.compare_notes()
    merchant.at_brightpearl.notes[2] = kept
    merchant.books.clock.pass_(minutes=2)

    merchant.work()

    assert merchant.missing_notes() == {}
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []


def test_six_missing_at_once_wait_for_a_person(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 1001))
    for one in range(1, 7):
        del merchant.at_brightpearl.notes[one]

    merchant.compare_notes()

    assert {row.waits_for_person for row in merchant.missing_notes().values()} == {True}
    assert len(merchant.missing_notes()) == 6
    assert merchant.recorded(GOODS_OUT_NOTE_MISSED) == []
    [sentence] = merchant.alerts(is_open=True)
    assert "does not show 6 notes" in sentence


def test_five_missing_of_many_are_looked_at(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 1001))
    for one in range(1, 6):
        del merchant.at_brightpearl.notes[one]

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_MISSED)[:5] == ["1", "1", "2", "2", "3"]
    assert merchant.alerts(is_open=True) == []


def test_more_than_two_percent_wait_for_a_person(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 101))
    for one in (1, 2, 3):
        del merchant.at_brightpearl.notes[one]

    merchant.compare_notes()

    assert len(merchant.alerts(is_open=True)) == 1
    assert merchant.recorded(GOODS_OUT_NOTE_MISSED) == []


def test_the_alert_ends_when_all_of_them_show_again(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 11))
    kept = dict(merchant.at_brightpearl.notes)
    merchant.at_brightpearl.notes.clear()
    merchant.compare_notes()
    assert len(merchant.alerts(is_open=True)) == 1
    merchant.at_brightpearl.notes.update(kept)
    merchant.books.clock.pass_(hours=1)

    merchant.compare_notes()

    assert merchant.missing_notes() == {}
    assert (merchant.alerts(is_open=True), len(merchant.alerts(is_open=False))) == ([], 1)


def test_an_empty_list_makes_nothing_missing(merchant: Merchant) -> None:
    open_notes(merchant, *range(1, 201))
    replace_by(merchant, ListsNothing())

    merchant.compare_notes()

    assert merchant.missing_notes() == {}
    assert merchant.recorded(GOODS_OUT_NOTE_MISSED) == []
    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == []


def test_a_note_that_somebody_shipped_by_hand_is_looked_at(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2)
    merchant.make_notes(2, shipped=True)

    merchant.compare_notes()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["2"]
    assert merchant.missing_notes() == {}


def test_open_notes_are_swept_once_an_hour(merchant: Merchant) -> None:
    open_notes(merchant, 1)
    merchant.compare_notes()
    first = merchant.watermarks()[OPEN_NOTES].compared_at
    merchant.books.clock.pass_(minutes=59)
    merchant.compare_notes()
    assert merchant.watermarks()[OPEN_NOTES].compared_at == first

    merchant.books.clock.pass_(minutes=1)
    merchant.compare_notes()

    assert merchant.watermarks()[OPEN_NOTES].compared_at == first + timedelta(hours=1)


@pytest.mark.parametrize("deleted", [1, 500, 501, 600])
def test_a_note_missing_on_any_page_is_noticed(merchant: Merchant, deleted: int) -> None:
    open_notes(merchant, *range(1, 601))
    del merchant.at_brightpearl.notes[deleted]

    merchant.compare_notes()

    assert list(merchant.missing_notes()) == [deleted]


def test_a_note_that_is_being_looked_for_is_not_looked_for_twice(merchant: Merchant) -> None:
    open_notes(merchant, 1, 2, 3)
    del merchant.at_brightpearl.notes[2]
    replace_by(merchant, ShowsNothing())
    merchant.compare_notes()  # its look proves nothing, and waits
    merchant.books.clock.pass_(hours=1)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_MISSED) == ["2"]


@pytest.mark.parametrize("hours", [1, 2, 5])
def test_of_very_many_unlisted_notes_each_has_its_turn(merchant: Merchant, hours: int) -> None:
    merchant.make_notes(*range(1, 1001), created_on=merchant.went_live - timedelta(days=2))
    merchant.send(*range(1, 1001))
    del merchant.at_brightpearl.notes[1]
    del merchant.at_brightpearl.notes[1000]
    for _ in range(5):
        merchant.compare_notes()
        merchant.books.clock.pass_(hours=hours)

    assert set(merchant.recorded(GOODS_OUT_NOTE_MISSED)) == {"1", "1000"}

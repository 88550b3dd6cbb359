"""Notes whose webhooks never came are found, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Transient
from shared.events import GOODS_OUT_NOTE_CHANGED, RECONCILIATION_REQUESTED, Event
from shared.notes.state import SKIPPED
from shared.outcome import Delivered, Skipped
from shared.vendors.brightpearl.account_models import FoundNote
from shared.vendors.brightpearl.search import Page
from shared.watermarks import ANY_ZONE, NOTES, NOTES_FROM
from tests.fakes.vendors import FakeBrightpearl
from tests.integration.journal.books import LEASE, MORNING
from tests.integration.reconciliation.merchant import BACKFILL, OVERLAP, Merchant


class Killed(BaseException):
    """The process ended here."""


def codes(ended: object) -> list[str]:
    assert isinstance(ended, list)
    return [one.code for one in ended if isinstance(one, Skipped | Transient)]


def test_a_thousand_dropped_webhooks_are_found_in_one_cycle(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 1001))

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == [str(one) for one in range(1, 1001)]
    assert merchant.lanes(GOODS_OUT_NOTE_CHANGED) == BACKFILL
    assert merchant.at_brightpearl.calls == ["search_goods_out_notes"] * 2
    assert (merchant.watermarks()[NOTES].found, merchant.watermarks()[NOTES].missed) == (1000, 1000)


def test_a_second_cycle_finds_nothing_new(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.compare_notes()
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_notes()

    assert len(merchant.recorded(GOODS_OUT_NOTE_CHANGED)) == 600
    assert merchant.watermarks()[NOTES].missed == 0


def test_what_we_know_is_not_looked_at_again(merchant: Merchant) -> None:
    merchant.make_notes(1, 2, 3, 4)
    merchant.send(1)
    merchant.send(2, order_stage=SKIPPED, order_reason_code="already_shipped")
    merchant.books.announce("3")
    merchant.books.publish()

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["3", "4"]


def test_transfers_and_what_was_before_go_live_are_left_alone(merchant: Merchant) -> None:
    merchant.make_notes(1, transfer=True)
    merchant.make_notes(2, created_on=merchant.went_live - timedelta(seconds=1))
    merchant.make_notes(3)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["3"]


def test_a_go_live_moved_back_finds_what_was_before_the_old_one(merchant: Merchant) -> None:
    merchant.make_notes(1, created_on=MORNING - timedelta(days=2))
    merchant.send(1, order_stage=SKIPPED, order_reason_code="before_go_live")
    merchant.compare_notes()
    merchant.go_live_at = MORNING - timedelta(days=3)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["1"]
    assert merchant.watermarks()[NOTES_FROM].reached == merchant.go_live_at


def test_a_note_that_shows_late_in_the_list_is_found(merchant: Merchant) -> None:
    merchant.compare_notes()
    merchant.make_notes(7, created_on=MORNING - timedelta(minutes=9))
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["7"]


def test_a_note_still_unknown_the_next_day_is_found_again(merchant: Merchant) -> None:
    merchant.make_notes(7)
    merchant.compare_notes()
    [first] = [row for row in merchant.books.rows() if row.subject == "7"]
    merchant.books.rewrite(first.id, settled_at=MORNING, outcome="delivered")
    merchant.go_live_at = merchant.went_live - timedelta(days=1)
    merchant.books.clock.pass_(days=1)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["7", "7"]


def test_the_watermark_moves_with_the_last_page_only(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)

    merchant.step()
    assert NOTES not in merchant.watermarks()

    merchant.step()
    assert merchant.watermarks()[NOTES].reached == MORNING


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_kill_between_pages_loses_nothing_and_doubles_nothing(
    merchant: Merchant, page: int
) -> None:
    merchant.make_notes(*range(1, 1201))
    done: list[Event] = []

    def crash(event: Event) -> None:
        done.append(event)
        if len(done) == page:
            raise Killed

    merchant.before_settling = crash
    with pytest.raises(Killed):
        merchant.compare_notes()
    merchant.books.clock.pass_(seconds=LEASE.total_seconds() + 1)
    merchant.books.sweep()

    merchant.work()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == [str(one) for one in range(1, 1201)]
    assert merchant.watermarks()[NOTES].found == 1200


def test_notes_deleted_between_two_pages_hide_no_other(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)
    merchant.step()
    for one in range(1, 51):
        del merchant.at_brightpearl.notes[one]

    merchant.work()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == [str(one) for one in range(1, 601)]


def test_a_second_request_begins_nothing_beside_a_run_under_way(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)
    merchant.step()
    merchant.books.publish()  # the page waits in its queue

    ended = list(merchant.compare_notes())

    assert codes(ended) == ["already_running"]
    assert merchant.at_brightpearl.calls == ["search_goods_out_notes"]


def test_a_run_that_died_is_in_nobody_s_way(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)
    merchant.step()
    [page] = [row for row in merchant.books.rows() if row.subject == "page"]
    merchant.books.rewrite(page.id, settled_at=MORNING, outcome="dead")
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_notes()

    assert len(merchant.recorded(GOODS_OUT_NOTE_CHANGED)) == 600
    assert merchant.watermarks()[NOTES].found == 600


def test_a_page_that_waits_too_long_is_in_nobody_s_way(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 601))
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)
    merchant.step()
    merchant.books.publish()
    merchant.books.clock.pass_(minutes=31)

    merchant.compare_notes()

    assert merchant.watermarks()[NOTES].reached == merchant.books.clock()


@pytest.mark.parametrize(("days", "code"), [(None, "go_live_unset"), (1, "go_live_ahead")])
def test_without_a_go_live_there_is_nothing_to_compare(
    merchant: Merchant, days: int | None, code: str
) -> None:
    merchant.go_live_at = None if days is None else MORNING + timedelta(days=days)

    ended = list(merchant.compare_notes())

    assert codes(ended) == [code]
    assert merchant.at_brightpearl.calls == []


def test_requests_that_wait_together_are_compared_once(merchant: Merchant) -> None:
    merchant.make_notes(1)
    merchant.books.announce("acme", name=RECONCILIATION_REQUESTED)

    ended = list(merchant.compare_notes())

    assert [type(one) for one in ended] == [Delivered]
    assert merchant.at_brightpearl.calls == ["search_goods_out_notes"]


def test_an_outage_moves_no_watermark(merchant: Merchant) -> None:
    merchant.brightpearl = FakeBrightpearl()
    merchant.at_brightpearl.fails_with = Transient(
        "Brightpearl is down", code="brightpearl_trouble"
    )

    ended = list(merchant.compare_notes())

    assert codes(ended) == ["brightpearl_trouble"]
    assert merchant.watermarks() == {}


class IgnoresTimes(FakeBrightpearl):
    """A Brightpearl whose search pays no heed to the times that are asked for."""

    def notes_page(self, **filters: Any) -> Page[FoundNote]:
        """Find notes of any time."""
        return super().notes_page(**{**filters, "created_from": None, "created_to": None})


class InAnotherZone(FakeBrightpearl):
    """A Brightpearl that reads the times of a search so many hours off UTC."""

    def __init__(self, offset: timedelta) -> None:
        super().__init__()
        self.offset = offset

    def notes_page(self, **filters: Any) -> Page[FoundNote]:
        """Read the times in that zone."""
        times = ("created_from", "created_to")
        moved = {one: filters[one] - self.offset for one in times if filters.get(one)}
        return super().notes_page(**{**filters, **moved})


class Remembers(FakeBrightpearl):
    """A Brightpearl that knows from when on it was asked for notes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_from: list[datetime] = []

    def notes_page(self, **filters: Any) -> Page[FoundNote]:
        """Remember the first page of each list by time."""
        if filters.get("created_to") and filters["first"] == 1:
            self.asked_from.append(filters["created_from"])
        return super().notes_page(**filters)


@pytest.mark.parametrize("notes", [1, 600], ids=["one page", "two pages"])
def test_notes_are_compared_far_back_once_a_day_only(merchant: Merchant, notes: int) -> None:
    merchant.brightpearl = brightpearl = Remembers()
    merchant.make_notes(*range(1, notes + 1))
    for _ in range(3):
        merchant.compare_notes()
        merchant.books.clock.pass_(hours=12)

    assert brightpearl.asked_from == [
        merchant.went_live - ANY_ZONE,
        MORNING - OVERLAP,
        MORNING - ANY_ZONE,
    ]


def test_a_listed_note_is_found_though_it_is_older_than_what_was_asked_for(
    merchant: Merchant,
) -> None:
    merchant.compare_notes()
    merchant.brightpearl = IgnoresTimes()
    merchant.make_notes(7, created_on=MORNING - timedelta(hours=3))
    merchant.make_notes(8, created_on=merchant.went_live - timedelta(seconds=1))
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["7"]


def test_a_note_that_shows_hours_late_is_found_within_a_day(merchant: Merchant) -> None:
    merchant.compare_notes()
    merchant.make_notes(7, created_on=MORNING - timedelta(hours=3))
    merchant.books.clock.pass_(hours=1)
    merchant.compare_notes()
    merchant.books.clock.pass_(hours=23)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["7"]


@pytest.mark.parametrize("hours", [-8, -5, 2, 12])
def test_a_search_read_in_another_zone_costs_a_day_and_no_note(
    merchant: Merchant, hours: int
) -> None:
    merchant.brightpearl = InAnotherZone(timedelta(hours=hours))
    for one in range(1, 30):
        merchant.make_notes(one)
        merchant.compare_notes()
        merchant.books.clock.pass_(hours=1, minutes=7)
    merchant.books.clock.pass_(days=1)

    merchant.compare_notes()

    assert set(merchant.recorded(GOODS_OUT_NOTE_CHANGED)) == {str(one) for one in range(1, 30)}


def test_a_note_whose_event_is_dead_waits_for_a_person_and_is_not_sent_again(
    merchant: Merchant,
) -> None:
    merchant.make_notes(7)
    merchant.compare_notes()
    [first] = [row for row in merchant.books.rows() if row.subject == "7"]
    merchant.books.rewrite(first.id, settled_at=MORNING, outcome="dead")
    merchant.go_live_at = merchant.went_live - timedelta(days=1)
    merchant.books.clock.pass_(days=1)

    merchant.compare_notes()

    assert merchant.recorded(GOODS_OUT_NOTE_CHANGED) == ["7"]

"""Where a note stands: led by its events, written in one place, announced once."""

from typing import Protocol

import pytest

from shared.db.note_tables import SyncLogRow
from shared.events import SYNC_LOG_CHANGED
from shared.journal.verdict import Dead
from shared.notes.progress import Standing, move, row_of, standing_after
from shared.notes.state import (
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    DONE,
    FAILED,
    KEPT_BACK,
    ORDER,
    QUEUED,
    RETRYING,
    SHIPMENT,
    SKIPPED,
)
from shared.outcome import Delivered, Later, Skipped
from tests.integration.journal.books import MORNING, Books

RETRY = Standing(stage=RETRYING, code="vendor_trouble", reason="ShipHero had trouble.")
AT_SHIPHERO = Standing(stage=DONE, reason="Order WEB-4001 at ShipHero.")
REFUSED = Standing(stage=FAILED, code="country_missing", reason="The address has no country.")
ANEW = Standing(stage=QUEUED, reason="Ann had it sent anew.")


class Leads(Protocol):
    """Leads one side of note 501 to each standing in turn."""

    def __call__(self, *standings: Standing, side: str = ORDER) -> None:
        """Write them in one transaction."""


@pytest.fixture
def lead(books: Books) -> Leads:
    event = books.a_claim()

    def lead(*standings: Standing, side: str = ORDER) -> None:
        with books.session() as session:
            for standing in standings:
                move(session, event, 501, side, standing, now=MORNING)

    return lead


def shown(books: Books) -> SyncLogRow:
    with books.open_session() as session:
        return session.get_one(SyncLogRow, (books.account, 501))


def announced(books: Books) -> list[str]:
    return [row.payload["stage"] for row in books.rows() if row.name == SYNC_LOG_CHANGED]


def test_a_change_of_stage_is_announced_once(books: Books, lead: Leads) -> None:
    lead(RETRY, RETRY)

    assert announced(books) == [RETRYING]
    assert (shown(books).order_stage, shown(books).order_reason) == (RETRYING, RETRY.reason)


def test_a_done_side_stays_done_and_the_other_side_goes_its_own_way(
    books: Books, lead: Leads
) -> None:
    lead(AT_SHIPHERO, RETRY)
    lead(RETRY, side=SHIPMENT)

    assert (shown(books).order_stage, shown(books).shipment_stage) == (DONE, RETRYING)
    assert announced(books) == [DONE, RETRYING]


@pytest.mark.parametrize("code", ["canceled_at_shiphero", "order_canceled_for_deleted_note"])
def test_a_cancelled_order_is_told_although_it_was_done(
    books: Books, lead: Leads, code: str
) -> None:
    canceled = standing_after(Delivered(reference="SH-1", code=code, summary="It was cancelled."))
    assert canceled is not None

    lead(AT_SHIPHERO, canceled, AT_SHIPHERO, RETRY)

    row = shown(books)
    assert (row.order_stage, row.order_reason_code) == (CANCELED, code)
    assert announced(books) == [DONE, CANCELED]


def test_an_order_that_a_person_has_sent_anew_is_no_longer_cancelled(
    books: Books, lead: Leads
) -> None:
    lead(AT_SHIPHERO, Standing(stage=CANCELED), ANEW, AT_SHIPHERO)

    assert shown(books).order_stage == DONE


def test_a_change_that_came_too_late_is_told_until_one_gets_there(
    books: Books, lead: Leads
) -> None:
    late = standing_after(Delivered(reference="SH-1", code="change_too_late", summary="Shipped."))
    assert late is not None

    lead(AT_SHIPHERO, late)
    assert (shown(books).order_stage, shown(books).order_reason) == (CHANGE_REFUSED, "Shipped.")

    lead(AT_SHIPHERO)
    assert shown(books).order_stage == DONE


def test_a_change_that_failed_for_good_is_told_and_the_order_is_still_there(
    books: Books, lead: Leads
) -> None:
    lead(AT_SHIPHERO, REFUSED)

    row = shown(books)
    assert (row.order_stage, row.order_reason) == (CHANGE_REFUSED, REFUSED.reason)


def test_an_order_whose_cancelling_failed_for_good_needs_a_person(
    books: Books, lead: Leads
) -> None:
    lead(AT_SHIPHERO)
    with books.session() as session:
        row_of(session, books.account, 501, now=MORNING).deleted_at = MORNING

    lead(Standing(stage=FAILED, code="vendor_trouble", reason="Given up."))

    row = shown(books)
    assert (row.order_stage, row.order_reason_code) == (CANCEL_REFUSED, "vendor_trouble")


def test_an_order_that_cannot_be_cancelled_needs_a_person_until_it_is(
    books: Books, lead: Leads
) -> None:
    refused = standing_after(Dead(code="cancel_refused", reason="It has shipped."))
    assert refused is not None

    lead(AT_SHIPHERO, refused, AT_SHIPHERO, RETRY)
    assert shown(books).order_stage == CANCEL_REFUSED

    lead(Standing(stage=CANCELED, reason="It was cancelled."))
    assert shown(books).order_stage == CANCELED


def test_a_note_that_is_kept_back_is_sent_on_its_day(books: Books, lead: Leads) -> None:
    later = standing_after(Later(until=MORNING, code="kept_back", reason="Until 2 March."))
    assert later is not None

    lead(later)
    assert (shown(books).order_stage, shown(books).order_reason) == (KEPT_BACK, "Until 2 March.")

    lead(AT_SHIPHERO)
    assert shown(books).order_stage == DONE


def test_a_note_that_was_skipped_can_still_be_sent(books: Books, lead: Leads) -> None:
    skipped = standing_after(Skipped(code="warehouse_not_sent", reason="Leeds is left unmapped."))
    assert skipped is not None

    lead(skipped, AT_SHIPHERO)

    assert announced(books) == [SKIPPED, DONE]

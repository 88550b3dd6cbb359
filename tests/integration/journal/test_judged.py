"""What a setting decided is written down only while that setting is the present one."""

import pytest

from shared.journal.judged import JUDGE_AGAIN, as_it_stands
from shared.outcome import Delivered, Later, Outcome, Skipped
from tests.integration.journal.books import MORNING, Books

PRESENT, OLDER = 2, 1


def skipped(version: int) -> Skipped:
    return Skipped(code="warehouse_not_sent", reason="Left out.", settings_version=version)


def later(version: int) -> Later:
    return Later(until=MORNING, code="kept_back", reason="Not yet.", settings_version=version)


def as_written(books: Books, outcome: Outcome) -> object:
    """Give what is written down of `outcome` after a setting was saved."""
    event = books.a_claim()
    assert books.change_settings(order_sync_on=True) == PRESENT
    with books.session() as session:
        return as_it_stands(session, event, outcome)


@pytest.mark.parametrize("outcome", [skipped(OLDER), later(OLDER)])
def test_what_older_settings_decided_is_judged_again(books: Books, outcome: Outcome) -> None:
    assert as_written(books, outcome) is JUDGE_AGAIN


@pytest.mark.parametrize(
    "outcome", [skipped(PRESENT), later(PRESENT), skipped(0), later(0), Delivered(reference="x")]
)
def test_everything_else_stands(books: Books, outcome: Outcome) -> None:
    assert as_written(books, outcome) is outcome

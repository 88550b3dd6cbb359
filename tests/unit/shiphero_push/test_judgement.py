"""A note that waits: for its release date, while it may be changed, or because a person says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.accounts import RELEASE_HOLD, RELEASE_KEEP_BACK
from shared.db.note_tables import SyncLogRow
from shared.outcome import Delivered, Held, Later
from shared.pushing.judgement import kept_back
from tests.builders import a_goods_out_note, a_sales_order
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, settings
from tests.unit.shiphero_push.changing import edit
from tests.unit.shiphero_push.pushing import Pushing

RELEASE = NOON + timedelta(days=2)


@pytest.fixture
def keeping(book: Notebook) -> Pushing:
    """Give a desk that keeps back note 501, which is to be released in two days."""
    pushing = Pushing(book, a_goods_out_note(release_date=RELEASE), a_sales_order())
    pushing.settings = replace(pushing.settings, release_policy=RELEASE_KEEP_BACK)
    return pushing


def test_a_note_is_kept_back_until_its_release_date(keeping: Pushing) -> None:
    outcome = keeping.push()

    assert outcome == Later(
        until=RELEASE,
        code="kept_back",
        reason="Kept back until its release date, 04 Mar 2026 12:00 UTC.",
    )
    assert (keeping.shiphero.calls, keeping.book.links()) == ([], [])
    assert isinstance(outcome, Later)
    assert outcome.settings_version == 3


def test_it_is_sent_on_that_date_without_a_hold(keeping: Pushing) -> None:
    keeping.push()
    keeping.book.wait(days=2)

    assert isinstance(keeping.push(), Delivered)
    assert [new.hold_until_date for new in keeping.shiphero.asked] == [None]


def test_a_date_that_moved_further_off_keeps_it_longer(keeping: Pushing) -> None:
    keeping.push()
    later = RELEASE + timedelta(days=7)
    edit(keeping, release_date=later)
    keeping.book.wait(days=2)

    outcome = keeping.push()

    assert isinstance(outcome, Later)
    assert outcome.until == later


@pytest.mark.parametrize(
    ("policy", "release"),
    [
        (RELEASE_HOLD, RELEASE),
        (RELEASE_KEEP_BACK, NOON),
        (RELEASE_KEEP_BACK, None),
    ],
)
def test_others_are_not_kept_back(policy: str, release: object) -> None:
    note = a_goods_out_note(release_date=release)

    assert kept_back(note, settings(release_policy=policy), now=NOON) is None


def test_a_new_note_may_be_changed_for_a_while(book: Notebook) -> None:
    pushing = Pushing(book, a_goods_out_note(created_on=NOON), a_sales_order())
    pushing.settings = replace(pushing.settings, hold_minutes=15)

    early = pushing.push()
    book.wait(minutes=15)

    assert early == Later(
        until=NOON + timedelta(minutes=15),
        code="kept_back",
        reason="Kept back until 02 Mar 2026 12:15 UTC: it may be changed for 15 minutes.",
    )
    assert isinstance(pushing.push(), Delivered)


@pytest.mark.parametrize(
    ("release", "until"),
    [(RELEASE, RELEASE), (NOON + timedelta(minutes=5), NOON + timedelta(minutes=15))],
    ids=["the date is later", "the minutes are later"],
)
def test_the_later_of_both_counts(release: datetime, until: datetime) -> None:
    note = a_goods_out_note(created_on=NOON, release_date=release)

    waits = kept_back(note, settings(release_policy=RELEASE_KEEP_BACK, hold_minutes=15), now=NOON)

    assert waits is not None
    assert waits.until == until


def test_a_note_that_a_person_stopped_is_held_and_nothing_is_made(book: Notebook) -> None:
    pushing = Pushing(book, a_goods_out_note(), a_sales_order())
    book.keep(
        SyncLogRow(account_id=ACCOUNT, note_id=501, inserted_at=NOON, stopped_at=NOON)
    )  # fmt: skip

    outcome = pushing.push()

    assert outcome == Held(
        cause="stopped_by_person:501", reason="A person has it wait.", settings_version=0
    )
    assert (pushing.shiphero.calls, book.links()) == ([], [])


def test_what_stops_a_note_anyway_is_said_before_its_date(keeping: Pushing) -> None:
    keeping.settings = replace(keeping.settings, order_sync_on=False)

    assert not isinstance(keeping.push(), Later)


def test_a_date_that_moves_ahead_after_it_was_sent_holds_nothing_back(keeping: Pushing) -> None:
    edit(keeping)
    keeping.push()
    edit(keeping, release_date=RELEASE)

    assert isinstance(keeping.push(), Delivered)
    assert keeping.shiphero.changes == []

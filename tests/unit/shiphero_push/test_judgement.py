"""A note whose release date lies ahead: held at ShipHero, or kept back until then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.accounts import RELEASE_HOLD, RELEASE_KEEP_BACK
from shared.outcome import Delivered, Later
from shared.pushing.judgement import kept_back
from tests.builders import a_goods_out_note, a_sales_order
from tests.unit.core.notebook import NOON, Notebook, settings
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


def test_what_stops_a_note_anyway_is_said_before_its_date(keeping: Pushing) -> None:
    keeping.settings = replace(keeping.settings, order_sync_on=False)

    assert not isinstance(keeping.push(), Later)


def test_a_date_that_moves_ahead_after_it_was_sent_holds_nothing_back(keeping: Pushing) -> None:
    edit(keeping)
    keeping.push()
    edit(keeping, release_date=RELEASE)

    assert isinstance(keeping.push(), Delivered)
    assert keeping.shiphero.changes == []

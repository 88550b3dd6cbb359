"""Which period a moment is in follows from the time alone."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.clock_jobs import DAY, EPOCH, Job, jobs_of, slot_of
from shared.clock import Pace
from shared.events import ROUTES
from tests.builders import MORNING

JOBS = {job.name: job for job in jobs_of(reconcile_every=300, webhook_check_every=DAY, pace=Pace())}
OFTEN, DAILY = JOBS["reconciliation"], JOBS["reference"]
ACCOUNT = UUID(int=7)
MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1)).map(  # noqa: DTZ001 - zoned below
    lambda moment: moment.replace(tzinfo=EPOCH.tzinfo)
)


@given(MOMENTS, st.uuids())
def test_a_period_begins_at_most_its_length_ago(now: datetime, account_id: UUID) -> None:
    began = datetime.fromisoformat(slot_of(OFTEN, account_id, now))

    assert timedelta() <= now - began < OFTEN.every


@given(MOMENTS, st.uuids())
def test_the_next_period_follows_without_a_gap(now: datetime, account_id: UUID) -> None:
    began = datetime.fromisoformat(slot_of(OFTEN, account_id, now))

    following = began + OFTEN.every
    assert slot_of(OFTEN, account_id, following) == following.isoformat()
    assert slot_of(OFTEN, account_id, following - timedelta(microseconds=1)) == began.isoformat()


def test_a_thousand_accounts_spread_over_the_period() -> None:
    accounts = [uuid5(ACCOUNT, str(number)) for number in range(1000)]
    begins = [datetime.fromisoformat(slot_of(OFTEN, one, MORNING)) for one in accounts]

    in_one_second = Counter(began.replace(microsecond=0) for began in begins)

    assert max(in_one_second.values()) < 20


def test_an_account_s_jobs_begin_apart() -> None:
    begins = {
        slot_of(JOBS[name], ACCOUNT, MORNING)
        for name in ("reconciliation", "shiphero_reconciliation")
    }

    assert len(begins) == 2


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_every_job_s_event_has_a_queue(job: Job) -> None:
    assert job.event_name in ROUTES


def test_the_time_scale_shortens_periods_and_looks() -> None:
    [fast, *_] = jobs_of(reconcile_every=300, webhook_check_every=DAY, pace=Pace(0.02))

    assert fast.every == timedelta(seconds=6)
    assert fast.beat == 0.2


def test_looks_at_daily_jobs_are_a_minute_apart() -> None:
    assert DAILY.beat == 60

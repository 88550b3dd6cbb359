"""The clock: records by time what has to be looked at, and renews credentials before they end.

Several may run: each run of a job is one row of the journal, whichever clock records it.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from services.notifier.clock_jobs import DAY, HOUR, Job, check_jobs, jobs_of
from services.notifier.clock_looks import looking
from services.notifier.clock_reports import BEAT, ReportRounds
from services.notifier.clock_rounds import Rounds
from services.notifier.figures.collector import Figures
from services.notifier.settings import ClockSettings
from services.notifier.telling.rounds import TellingRounds
from shared.clock import utc_now
from shared.connecting.refreshing import refresh_due_tokens
from shared.connections import Connections
from shared.db.engine import OpenSession, open_engine, reading_session_maker, session_maker
from shared.errors import OurTrouble
from shared.health import serve_health
from shared.journal.hint import hint_after_commits
from shared.process import begin, database_check, patience_of, stop_on_signals
from shared.secrets import SecretBox, digest

SHORTEST_REFRESH = 1.0
AGAIN_AFTER = 1.0  # seconds, while our database does not answer

log = structlog.get_logger()


def main() -> None:
    """Tick until told to stop, then finish what is in hand."""
    settings = begin("notifier.clock", ClockSettings)
    stop = stop_on_signals()
    engine = open_engine(settings.database_url)
    hint_after_commits(engine)
    opening, reading = session_maker(engine), reading_session_maker(engine)
    connections = Connections(
        opening,
        reading,
        SecretBox(settings.secret_keys.get_secret_value()),
        now=utc_now,
        patience=patience_of(settings.vendor_deadline),
        vendor_settings=settings,
    )
    rounds = Rounds(open_session=opening, open_reading=reading, now=utc_now)
    reports = ReportRounds(open_session=opening, open_reading=reading, now=utc_now)
    scheduler = scheduler_for(settings, rounds, refresh=partial(_refresh, connections))
    _tell_by(scheduler, settings, opening, reading)
    _every(scheduler, BEAT, reports.record_due, name="daily_report")
    look_at_webhooks(settings, rounds, stop)
    scheduler.start()
    if settings.health_port:
        checks = {"database": database_check(engine)}
        figures = Figures(reading, now=utc_now, most=settings.metrics_accounts, pace=settings.pace)
        serve_health(settings.health_host, settings.health_port, checks, more=[figures])
    log.info("process.started")
    stop.wait()
    scheduler.shutdown(wait=True)
    engine.dispose()


def scheduler_for(
    settings: ClockSettings, rounds: Rounds, *, refresh: Callable[[], None]
) -> BackgroundScheduler:
    """Put every job on a scheduler that is not started yet; each looks at once, then on its beat.

    The scheduler only says when to look: what is due follows from the time itself.
    """
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # `_complain` says it once
    usual = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=usual)
    scheduler.add_listener(_complain, EVENT_JOB_ERROR)
    jobs = jobs_of(
        reconcile_every=settings.reconcile_every,
        webhook_check_every=settings.webhook_check_every,
        pace=settings.pace,
    )
    for job in jobs:
        _every(scheduler, job.beat, partial(rounds.record_due, job), name=job.name)
    pause = max(settings.pace.after(HOUR).total_seconds(), SHORTEST_REFRESH)
    _every(scheduler, pause, refresh, name="token_refresh")
    return scheduler


def _tell_by(
    scheduler: BackgroundScheduler,
    settings: ClockSettings,
    open_session: OpenSession,
    open_reading: OpenSession,
) -> None:
    """Put on the scheduler what people are told of their own accord."""
    telling = TellingRounds(
        open_session=open_session,
        open_reading=open_reading,
        secret_keys=settings.secret_keys.get_secret_value(),
        portal_url=settings.portal_url,
        now=utc_now,
        pace=settings.pace,
    )
    for source in telling.sources():
        look = partial(telling.look, source)
        _every(scheduler, telling.beat_of(source), look, name=f"tell_{source.name}")


def look_at_webhooks(settings: ClockSettings, rounds: Rounds, stop: threading.Event) -> None:
    """Have every account's webhooks checked, because our address may be another since last time.

    Once an hour for one address, however often clocks are started.
    """
    addresses = f"{settings.webhooks_url_brightpearl} {settings.webhooks_url_shiphero}"

    def slot(_job: Job, _account_id: UUID, now: datetime) -> str:
        return f"start-{now:%Y-%m-%dT%H}-{digest(addresses)[:8]}"

    waiting = list(check_jobs(every=timedelta(seconds=DAY)))
    while waiting and not stop.is_set():
        try:
            rounds.record_due(waiting[0], slot=slot)
            waiting.pop(0)
        except OurTrouble as trouble:
            log.warning("clock.our_trouble", kind=waiting[0].name, reason=str(trouble))
            stop.wait(AGAIN_AFTER)


def _every(
    scheduler: BackgroundScheduler, seconds: float, run: Callable[[], object], *, name: str
) -> None:
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    look = looking(name, run, beat=seconds)
    scheduler.add_job(look, trigger, id=name, next_run_time=datetime.now(UTC))


def _refresh(connections: Connections) -> None:
    refreshed = refresh_due_tokens(connections)
    if refreshed.renewed or refreshed.failed:
        log.info("clock.refreshed", count=refreshed.renewed, lost=refreshed.failed)


def _complain(event: JobExecutionEvent) -> None:
    log.error("clock.bug", kind=event.job_id, exc_info=event.exception)


if __name__ == "__main__":
    main()

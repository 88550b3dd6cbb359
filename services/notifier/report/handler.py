"""A day's report was asked for: write it, keep it as it is sent, and have it sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.notifier.report.facts import Asked, Facts
from services.notifier.report.links import Links
from services.notifier.report.reading import notes_of_sheet, read_facts
from services.notifier.report.sheet import sheet
from services.notifier.report.view import in_short, view_of
from services.notifier.report.wording import subject
from shared.bounces import paused
from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.db.portal_tables import Report
from shared.destinations import request
from shared.events import Event
from shared.journal.record import new_id
from shared.mails import Attachment, Letter, written
from shared.messaging.units import Unit
from shared.notifications import DAILY_REPORT, KINDS, Person, people_wanting, person_of
from shared.outcome import Delivered, Outcome, Skipped
from shared.reports import DAILY, DAY, DUE_AT, FOR, SO_FAR
from shared.telling import Telling

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What reports are written with."""

    open_reading: OpenSession
    secret_keys: str
    portal_url: str
    now: Now


class Write(Protocol):
    """Writes the report to one person."""

    def __call__(self, *, to: str = "", unsubscribe: str = "") -> Letter:
        """Write it; to nobody, as it is kept."""


def make_reports(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Give each report a unit of its own."""
    return [Unit(events=(event,), run=partial(make_report, event, desk=desk)) for event in events]


def make_report(event: Event, *, desk: Desk) -> Outcome:
    """Read the day once; keep the report and ask for its mails in the settling transaction."""
    asked = _asked(event, desk.now())
    links = Links(desk.portal_url)
    with our_trouble(), desk.open_reading() as session:
        facts = read_facts(session, asked)
        notes = notes_of_sheet(session, facts)
    if facts.is_quiet and not asked.so_far and not facts.owner.wants_quiet_days:
        return Skipped(code="quiet_day", reason=f"Nothing happened on {asked.day}.")
    write = partial(_written, facts, links, sheet(facts, notes, more_at=_all_notes(facts, links)))
    log.info("report.made", kind=_kind(asked), count=facts.tally.received)
    return Delivered(
        reference=str(asked.day),
        summary=subject(facts),
        keep=partial(_keep, event, facts, write, desk),
    )


def _written(
    facts: Facts, links: Links, table: str, *, to: str = "", unsubscribe: str = ""
) -> Letter:
    """Write the report as it is kept, or as one person gets it."""
    file = Attachment(
        name=f"goodsout-{facts.owner.code}-{facts.asked.day}.csv", text=table, subtype="csv"
    )
    return written(
        "daily_report",
        to=to,
        subject=subject(facts),
        attachments=(file,),
        unsubscribe=unsubscribe,
        kind=KINDS[DAILY_REPORT].label,
        report=view_of(facts, links),
    )


def _all_notes(facts: Facts, links: Links) -> str:
    return links.log_of_day(facts.asked.day, facts.owner.zone)


def _asked(event: Event, now: datetime) -> Asked:
    told: Mapping[str, Any] = event.payload
    due_at = told.get(DUE_AT)
    return Asked(
        account_id=event.account_id,
        day=date.fromisoformat(str(told[DAY])),
        made_at=now,
        so_far=FOR in told,
        due_at=datetime.fromisoformat(str(due_at)) if due_at else None,
    )


def _kind(asked: Asked) -> str:
    return SO_FAR if asked.so_far else DAILY


def _keep(
    event: Event, facts: Facts, write: Write, desk: Desk, session: Session, now: datetime
) -> None:
    """Keep the report and ask for a mail to everybody who wants it; a day's daily one once."""
    asked, kind = facts.asked, _kind(facts.asked)
    of_day = (
        col(Report.account_id) == asked.account_id,
        col(Report.kind) == kind,
        col(Report.day) == asked.day,
    )
    if not asked.so_far and session.exec(select(Report.id).where(*of_day)).first() is not None:
        return
    session.execute(delete(Report).where(*of_day))
    kept, report_id = write(), new_id()
    session.add(
        Report(
            id=report_id,
            account_id=asked.account_id,
            kind=kind,
            day=asked.day,
            made_at=asked.made_at,
            subject=kept.subject,
            html=kept.html,
            text=kept.text,
            csv=kept.attachments[0].text,
        )
    )
    _send(session, event, facts, write, desk, now)
    if not asked.so_far:
        notice = in_short(facts, link=Links(desk.portal_url).page(f"reports/{report_id}"))
        request(
            session,
            asked.account_id,
            kind=DAILY_REPORT,
            notice=notice,
            about=str(asked.day),
            once_for=str(asked.day),
            now=now,
        )


def _send(
    session: Session, event: Event, facts: Facts, write: Write, desk: Desk, now: datetime
) -> None:
    asked = facts.asked
    told = Telling(
        account_id=asked.account_id,
        code=facts.owner.code,
        secret_keys=desk.secret_keys,
        portal_url=desk.portal_url,
    )
    silent = paused(session, asked.account_id)
    for person in _recipients(session, event):
        if person.email.lower() in silent:
            continue
        told.post.request(
            session,
            write(to=person.email, unsubscribe=told.switch_off(person, DAILY_REPORT)),
            kind=DAILY_REPORT,
            about=str(asked.day),
            # Of a day that is over there is one; of one so far, one each time it is asked for.
            once_for=f"{event.id if asked.so_far else asked.day}:{person.user_id}",
            now=now,
        )


def _recipients(session: Session, event: Event) -> Sequence[Person]:
    if FOR not in event.payload:
        return people_wanting(session, event.account_id, DAILY_REPORT)
    asked_by = person_of(session, event.account_id, int(event.payload[FOR]))
    return [asked_by] if asked_by else []

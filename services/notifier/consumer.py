"""The consumer of the notifier."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import structlog

from services.notifier.alerts import tell_connections
from services.notifier.bulk import take_parts
from services.notifier.handler import tell_changes
from services.notifier.mails import Postbox, send_mails
from services.notifier.notice_ends import follow
from services.notifier.notices import Teller
from services.notifier.report.handler import Desk as ReportDesk
from services.notifier.report.handler import make_reports
from services.notifier.retention.handler import Desk as RetentionDesk
from services.notifier.retention.handler import look_after_the_past
from services.notifier.retention.periods import Before
from services.notifier.settings import NotifierSettings
from services.notifier.silence.handler import Desk as ListeningDesk
from services.notifier.silence.handler import check_silence, tell_silence
from services.notifier.smtp import Mailer, post
from shared.bounces import Bounce, count_bounce, paused
from shared.connecting.alerts import tell_connection
from shared.db.engine import our_trouble
from shared.egress.sending import Egress, Limits
from shared.events import (
    BULK_ACT_REQUESTED,
    CONNECTION_BROKEN,
    CONNECTION_MENDED,
    MAIL_REQUESTED,
    NOTICE_REQUESTED,
    REPORT_REQUESTED,
    RETENTION_REQUESTED,
    SILENCE_CHECK_REQUESTED,
    SILENCE_ENDED,
    SILENCE_NOTICED,
    SYNC_LOG_CHANGED,
    Event,
    Queue,
)
from shared.messaging.units import Handler
from shared.process import ConsumerParts, run_consumer
from shared.secrets import SecretBox

log = structlog.get_logger()

Parts = ConsumerParts[NotifierSettings]


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.NOTIFIER, NotifierSettings, handlers, follow)


def handlers(parts: Parts) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""
    connections = partial(tell_connections, tell=partial(_tell_connection, parts))
    silence = partial(tell_silence, open_reading=parts.open_reading)
    return {
        SYNC_LOG_CHANGED: tell_changes,
        CONNECTION_BROKEN: connections,
        CONNECTION_MENDED: connections,
        MAIL_REQUESTED: partial(send_mails, postbox=_postbox(parts)),
        NOTICE_REQUESTED: _teller(parts).units,
        BULK_ACT_REQUESTED: take_parts,
        RETENTION_REQUESTED: partial(look_after_the_past, desk_of=partial(_past, parts)),
        SILENCE_CHECK_REQUESTED: partial(check_silence, desk_of=partial(_listening, parts)),
        SILENCE_NOTICED: silence,
        SILENCE_ENDED: silence,
        REPORT_REQUESTED: partial(make_reports, desk=_reporting(parts)),
    }


def _tell_connection(parts: Parts, account_id: UUID, vendor: str) -> str:
    with our_trouble(), parts.open_session() as session:
        sentence = tell_connection(session, account_id, vendor, now=parts.now())
        session.commit()
    return sentence


def _listening(parts: Parts, event: Event) -> ListeningDesk:
    code = parts.account(event.account_id).code
    return ListeningDesk(code=code, open_reading=parts.open_reading, now=parts.now)


def _past(parts: Parts, event: Event) -> RetentionDesk:
    return RetentionDesk(
        code=parts.account(event.account_id).code,
        open_session=parts.open_session,
        before=Before.of(parts.settings, parts.now()),
        now=parts.now,
    )


def _reporting(parts: Parts) -> ReportDesk:
    return ReportDesk(
        open_reading=parts.open_reading,
        secret_keys=parts.settings.secret_keys.get_secret_value(),
        portal_url=parts.settings.portal_url,
        now=parts.now,
    )


def _mailer(settings: NotifierSettings) -> Mailer | None:
    server = settings.mail_server
    if server is None:
        log.warning("mail.no_server", reason="SMTP_URL is not set: no mail can be sent")
        return None
    return partial(post, server=server, timeout=settings.vendor_deadline)


def _postbox(parts: Parts) -> Postbox:
    def is_paused(account_id: UUID, email: str) -> bool:
        with our_trouble(), parts.open_reading() as session:
            return email.lower() in paused(session, account_id)

    def bounced(bounce: Bounce, event_id: UUID) -> None:
        with our_trouble(), parts.open_session() as session:
            count_bounce(session, bounce, event_id=event_id, now=parts.now())
            session.commit()
        log.warning("mail.bounced", code=bounce.code)

    return Postbox(
        box=SecretBox(parts.settings.secret_keys.get_secret_value()),
        sender=parts.settings.mail_from,
        mailer=_mailer(parts.settings),
        is_paused=is_paused,
        bounced=bounced,
        now=parts.now,
    )


def _teller(parts: Parts) -> Teller:
    settings = parts.settings
    return Teller(
        open_reading=parts.open_reading,
        box=SecretBox(settings.secret_keys.get_secret_value()),
        egress=Egress(rules=settings.egress_rules, limits=Limits.within(settings.vendor_deadline)),
        now=parts.now,
        pace=settings.pace,
    )


if __name__ == "__main__":
    main()

"""The consumer of the notifier."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from sqlmodel import Session

from services.notifier.alerts import tell_connections
from services.notifier.handler import tell_changes
from services.notifier.mails import Postbox, send_mails
from services.notifier.report.handler import Desk, make_reports
from services.notifier.settings import NotifierSettings
from services.notifier.smtp import Mailer, post
from shared.bounces import Bounce, count_bounce, paused
from shared.connecting.alerts import tell_connection
from shared.db.engine import our_trouble
from shared.events import (
    CONNECTION_BROKEN,
    CONNECTION_MENDED,
    MAIL_REQUESTED,
    REPORT_REQUESTED,
    SYNC_LOG_CHANGED,
    Event,
    Queue,
)
from shared.messaging.result import Result
from shared.messaging.units import Handler
from shared.process import ConsumerParts, run_consumer
from shared.secrets import SecretBox

log = structlog.get_logger()


def main() -> None:
    """Consume until told to stop."""
    run_consumer(Queue.NOTIFIER, NotifierSettings, handlers, follow)


def handlers(parts: ConsumerParts[NotifierSettings]) -> Mapping[str, Handler]:
    """Wire each event name to its handler."""

    def tell(account_id: UUID, vendor: str) -> str:
        with our_trouble(), parts.open_session() as session:
            sentence = tell_connection(session, account_id, vendor, now=parts.now())
            session.commit()
        return sentence

    connections = partial(tell_connections, tell=tell)
    settings = parts.settings
    server = settings.mail_server
    if server is None:
        log.warning("mail.no_server", reason="SMTP_URL is not set: no mail can be sent")
    mailer = partial(post, server=server, timeout=settings.vendor_deadline) if server else None
    desk = Desk(
        open_reading=parts.open_reading,
        secret_keys=settings.secret_keys.get_secret_value(),
        portal_url=settings.portal_url,
        now=parts.now,
    )
    return {
        SYNC_LOG_CHANGED: tell_changes,
        CONNECTION_BROKEN: connections,
        CONNECTION_MENDED: connections,
        MAIL_REQUESTED: partial(send_mails, postbox=_postbox(parts, mailer)),
        REPORT_REQUESTED: partial(make_reports, desk=desk),
    }


def _postbox(parts: ConsumerParts[NotifierSettings], mailer: Mailer | None) -> Postbox:
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
        mailer=mailer,
        is_paused=is_paused,
        bounced=bounced,
        now=parts.now,
    )


def follow(_session: Session, _event: Event, _result: Result, _now: datetime) -> None:
    """Leave the sync log alone: telling a change changes nothing."""


if __name__ == "__main__":
    main()

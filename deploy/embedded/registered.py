"""Wait until both vendors hold the demo account's webhooks."""

import time
from collections.abc import Mapping

from sqlmodel import Session, col, func, select

from deploy.embedded.waiting import PAUSE, NotReadyInTimeError
from shared.db.account_tables import WebhookSubscription
from shared.db.engine import open_engine, reading_session_maker
from shared.db.journal_tables import EventRow
from shared.events import BRIGHTPEARL_CHECK_REQUESTED, SHIPHERO_CHECK_REQUESTED
from shared.webhooks import at_brightpearl, at_shiphero

CHECKS = (BRIGHTPEARL_CHECK_REQUESTED, SHIPHERO_CHECK_REQUESTED)
TOPICS = {*at_brightpearl.TOPICS, *at_shiphero.TOPICS}


def wait_until_registered(environment: Mapping[str, str], *, seconds: float = 60.0) -> None:
    """Return when no check is under way and every webhook is registered.

    Raises NotReadyInTimeError, which names what is missing.
    """
    engine = open_engine(environment["DATABASE_URL"])
    open_reading = reading_session_maker(engine)
    until = time.monotonic() + seconds
    try:
        while missing := _missing(open_reading()):
            if time.monotonic() > until:
                raise NotReadyInTimeError(
                    f"The vendors did not hold our webhooks within {seconds:.0f} s; missing: "
                    f"{', '.join(sorted(missing))}. See the consumers' lines."
                )
            time.sleep(PAUSE)
    finally:
        engine.dispose()


def _missing(reading: Session) -> set[str]:
    with reading as session:
        under_way = session.exec(
            select(func.count())
            .select_from(EventRow)
            .where(col(EventRow.name).in_(CHECKS), col(EventRow.settled_at).is_(None))
        ).one()
        registered = session.exec(
            select(WebhookSubscription.topic).where(
                WebhookSubscription.vendor_webhook_id != "",
                col(WebhookSubscription.retired_at).is_(None),
            )
        ).all()
    missing = TOPICS - set(registered)
    return missing | {f"{under_way} checks"} if under_way else missing

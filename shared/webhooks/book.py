"""Our side of the webhooks that a vendor holds for one account: the rows, each step committed."""

import secrets
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from shared.alerts import end_alert, webhook_stopped
from shared.clock import Now
from shared.db.account_tables import WebhookSubscription
from shared.db.engine import OpenSession, our_trouble
from shared.journal.record import new_id
from shared.secrets import SecretBox, digest


@dataclass(frozen=True, kw_only=True)
class Registrar:
    """What webhooks are registered with and removed by, for one account."""

    open_session: OpenSession
    box: SecretBox
    account_id: UUID
    account_code: str
    now: Now


@dataclass(frozen=True, kw_only=True)
class Row:
    """A subscription as we know it; `known_good_at` is when we last saw that it stood.

    `is_signed` says whether the secret that its webhooks are signed with is held.
    """

    id: UUID
    topic: str
    label: str
    path_digest: str
    vendor_webhook_id: str
    is_signed: bool
    is_retired: bool
    created_at: datetime
    known_good_at: datetime

    @property
    def is_registered(self) -> bool:
        """Whether a vendor told us that it holds it."""
        return self.vendor_webhook_id != "" or self.is_signed


class SubscriptionBook:
    """The rows of one account and vendor; every change is a transaction of its own."""

    def __init__(self, registrar: Registrar, vendor: str) -> None:
        self._registrar = registrar
        self._vendor = vendor

    def rows(self) -> tuple[Row, ...]:
        """Give all rows, retired ones too, the newest first."""
        with our_trouble(), self._registrar.open_session() as session:
            rows = session.exec(
                select(WebhookSubscription)
                .where(
                    WebhookSubscription.account_id == self._registrar.account_id,
                    WebhookSubscription.vendor == self._vendor,
                )
                .order_by(
                    col(WebhookSubscription.created_at).desc(), col(WebhookSubscription.id).desc()
                )
            ).all()
        return tuple(map(_known, rows))

    def begin(self, topic: str, *, label: str = "") -> tuple[UUID, str]:
        """Commit a path secret before its webhook is registered, so that no delivery meets a 404.

        Gives the new row's id and the secret.
        """
        secret, row_id = secrets.token_urlsafe(32), new_id()
        with our_trouble(), self._registrar.open_session() as session:
            session.add(
                WebhookSubscription(
                    id=row_id,
                    account_id=self._registrar.account_id,
                    vendor=self._vendor,
                    topic=topic,
                    path_digest=digest(secret),
                    path_secret=self._registrar.box.seal(secret),
                    label=label,
                    created_at=self._registrar.now(),
                )
            )
            session.commit()
        return row_id, secret

    def register(self, row_id: UUID, *, webhook_id: str, signing_secret: str | None = None) -> None:
        """Keep the vendor's id, and the secret that its webhooks are signed with."""
        box = self._registrar.box
        with our_trouble(), self._registrar.open_session() as session:
            row = session.get_one(WebhookSubscription, row_id, with_for_update=True)
            row.vendor_webhook_id = webhook_id
            if signing_secret:
                row.signing_secret = box.seal(signing_secret)
            session.add(row)
            session.commit()

    def retire_all(self) -> None:
        """Retire every row: what still comes under their paths is kept for a week.

        What was wrong with their webhooks matters to nobody any more.
        """
        rows, now = self.rows(), self._registrar.now()
        account_id = self._registrar.account_id
        with our_trouble(), self._registrar.open_session() as session:
            retire(session, (row.id for row in rows), now=now)
            for topic in {row.topic for row in rows}:
                end_alert(session, webhook_stopped(account_id, self._vendor, topic), now=now)
            session.commit()


def unwanted(rows: Iterable[Row], topics: Container[str]) -> tuple[Row, ...]:
    """Pick rows in use whose topic is not followed any more."""
    return tuple(row for row in rows if not row.is_retired and row.topic not in topics)


def retire(session: Session, row_ids: Iterable[UUID], *, now: datetime) -> None:
    """Retire rows that are not retired yet; the caller commits."""
    session.execute(
        update(WebhookSubscription)
        .where(
            col(WebhookSubscription.id).in_(list(row_ids)),
            col(WebhookSubscription.retired_at).is_(None),
        )
        .values(retired_at=now)
    )


def confirm(session: Session, row_id: UUID, *, health: str, seen_at: datetime) -> None:
    """Write down that the webhook stood at `seen_at`; the caller commits."""
    session.execute(
        update(WebhookSubscription)
        .where(col(WebhookSubscription.id) == row_id)
        .values(health=health, checked_at=seen_at)
    )


def _known(row: WebhookSubscription) -> Row:
    return Row(
        id=row.id,
        topic=row.topic,
        label=row.label,
        path_digest=row.path_digest,
        vendor_webhook_id=row.vendor_webhook_id,
        is_signed=row.signing_secret is not None,
        is_retired=row.retired_at is not None,
        created_at=row.created_at,
        known_good_at=row.checked_at or row.created_at,
    )

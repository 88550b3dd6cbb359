"""Find the subscription that a webhook's path belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from shared.db.account_tables import Account, WebhookSubscription
from shared.errors import OurTrouble
from shared.secrets import SecretBox, digest

# Long enough for every delivery that a vendor still repeats on the old address.
RETIRED_STAYS_VALID = timedelta(days=7)

_FOUND = (
    select(
        col(WebhookSubscription.account_id),
        col(Account.code),
        col(WebhookSubscription.topic),
        col(WebhookSubscription.signing_secret),
        col(WebhookSubscription.retired_at),
    )
    .join(Account, col(Account.id) == col(WebhookSubscription.account_id))
    .where(
        col(WebhookSubscription.path_digest) == bindparam("digest"),
        col(WebhookSubscription.vendor) == bindparam("vendor"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A webhook that a vendor holds for one account; `signing_secret` is None until it is held."""

    account_id: UUID
    account_code: str
    topic: str
    signing_secret: str | None


def subscription_for(
    session: Session, vendor: str, path_secret: str, *, box: SecretBox, now: datetime
) -> Subscription | None:
    """Look the secret part of a path up; one that was retired over a week ago is unknown.

    Raises OurTrouble when the signing secret fits none of our keys.
    """
    whose = {"digest": digest(path_secret), "vendor": vendor}
    found = session.execute(_FOUND, whose).first()
    if found is None:
        return None
    account_id, account_code, topic, signing_secret, retired_at = found
    if retired_at is not None and retired_at + RETIRED_STAYS_VALID < now:
        return None
    return Subscription(
        account_id=account_id,
        account_code=account_code,
        topic=topic,
        signing_secret=_opened(signing_secret, box),
    )


def _opened(sealed: str | None, box: SecretBox) -> str | None:
    if sealed is None:
        return None
    try:
        # With an empty secret anybody could sign: it counts as not held.
        return box.open(sealed) or None
    except ValueError as error:
        raise OurTrouble(str(error)) from error

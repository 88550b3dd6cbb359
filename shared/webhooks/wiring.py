"""What a consumer's webhook check is wired from."""

from typing import Any
from uuid import UUID

from shared.process import ConsumerParts
from shared.webhooks.book import Registrar


def registrar_of(parts: ConsumerParts[Any], account_id: UUID) -> Registrar:
    """Give what one account's webhooks are registered with."""
    return Registrar(
        open_session=parts.open_session,
        box=parts.connections.box,
        account_id=account_id,
        account_code=parts.account(account_id).code,
        now=parts.now,
    )

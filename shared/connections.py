"""One client for each account and vendor, made from its stored credentials and kept."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from shared.clock import Now
from shared.db.account_tables import VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.errors import ConnectionBroken, OurTrouble
from shared.secrets import SecretBox
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.http import Patience
from shared.vendors.shiphero.account_models import Tokens
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens

BRIGHTPEARL = "brightpearl"
SHIPHERO = "shiphero"
_WRITTEN = {BRIGHTPEARL: "Brightpearl", SHIPHERO: "ShipHero"}

Client = TypeVar("Client")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A connection as stored, its credentials opened."""

    account_id: UUID
    vendor_account: str
    base_url: str
    secrets: dict[str, str]
    updated_at: datetime


class Connections:
    """Gives handlers the client of an account; may be shared by threads.

    A client is made anew when its connection's row changed. Raises ConnectionBroken for an
    account that is not connected, or whose connection was marked broken.
    """

    def __init__(
        self,
        open_session: OpenSession,
        open_reading: OpenSession,
        box: SecretBox,
        *,
        now: Now,
        patience: Patience,
    ) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._box = box
        self._now = now
        self._brightpearl_http = brightpearl_http(patience=patience)
        self._shiphero_http = shiphero_http(patience=patience)
        self._clients: dict[tuple[UUID, str], tuple[datetime, object]] = {}
        self._making = threading.Lock()

    def brightpearl(self, account_id: UUID) -> Brightpearl:
        """Give the account's Brightpearl client."""
        return self._client(account_id, BRIGHTPEARL, self._new_brightpearl)

    def shiphero(self, account_id: UUID) -> ShipHero:
        """Give the account's ShipHero client."""
        return self._client(account_id, SHIPHERO, self._new_shiphero)

    def brightpearl_account(self, account_id: UUID) -> str:
        """Give the account's code at Brightpearl."""
        return self._stored(account_id, BRIGHTPEARL).vendor_account

    def _client(self, account_id: UUID, vendor: str, make: Callable[[Stored], Client]) -> Client:
        stored = self._stored(account_id, vendor)
        with self._making:
            made_from, client = self._clients.get((account_id, vendor), (None, None))
            if made_from != stored.updated_at or client is None:
                client = make(stored)
                self._clients[account_id, vendor] = (stored.updated_at, client)
        return client  # type: ignore[return-value]  # the key's vendor decides the class

    def _new_brightpearl(self, stored: Stored) -> Brightpearl:
        app = StaffApp(app_ref=stored.secrets["app_ref"], staff_token=stored.secrets["staff_token"])
        return Brightpearl(self._brightpearl_http, app, base_url=stored.base_url)

    def _new_shiphero(self, stored: Stored) -> ShipHero:
        tokens = ShipHeroTokens(self._shiphero_http, base_url=stored.base_url)

        def keep(new: Tokens) -> None:
            self._keep_tokens(stored.account_id, new)

        bearer = BearerToken(
            access_token=stored.secrets["access_token"],
            refresh_token=stored.secrets["refresh_token"],
            tokens=tokens,
            keep=keep,
        )
        return ShipHero(
            self._shiphero_http,
            bearer,
            customer_account_id=stored.vendor_account or None,
            base_url=stored.base_url,
        )

    def _stored(self, account_id: UUID, vendor: str) -> Stored:
        with our_trouble(), self._open_reading() as session:
            row = session.get(VendorConnection, (account_id, vendor))
        if row is None:
            raise ConnectionBroken(f"{_WRITTEN[vendor]} is not connected yet.", vendor=vendor)
        if row.broken_since is not None:
            raise ConnectionBroken(
                f"{_WRITTEN[vendor]} has refused our credentials since "
                f"{row.broken_since:%d %b %H:%M} UTC; reconnect the account.",
                vendor=vendor,
            )
        return Stored(
            account_id=account_id,
            vendor_account=row.vendor_account,
            base_url=row.base_url,
            secrets=self._open(row),
            updated_at=row.updated_at,
        )

    def _open(self, row: VendorConnection) -> dict[str, str]:
        try:
            return self._box.open_mapping(row.credentials)
        except ValueError as error:
            raise OurTrouble(f"{row.vendor}: {error}") from error

    def _keep_tokens(self, account_id: UUID, new: Tokens) -> None:
        with our_trouble(), self._open_session() as session:
            row = session.get_one(VendorConnection, (account_id, SHIPHERO), with_for_update=True)
            secrets = self._open(row)
            secrets["access_token"] = new.access_token
            if new.refresh_token:
                secrets["refresh_token"] = new.refresh_token
            row.credentials = self._box.seal_mapping(secrets)
            row.updated_at = self._now()
            session.add(row)
            session.commit()


def mark_broken(
    session: Session, account_id: UUID, vendor: str, *, reason: str, now: datetime
) -> None:
    """Remember that a vendor refuses an account's credentials; the first refusal counts."""
    row = session.get(VendorConnection, (account_id, vendor), with_for_update=True)
    if row is not None and row.broken_since is None:
        row.broken_since, row.broken_reason = now, reason
        session.add(row)

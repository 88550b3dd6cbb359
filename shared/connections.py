"""One client for each account and vendor, made from its stored credentials and kept."""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from shared.clock import Now
from shared.connecting.proof import Proof, Renew
from shared.connecting.renewal import Renewal, lease_of
from shared.connecting.settings import VendorSettings
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO, Stored
from shared.connecting.tokens import Refreshing
from shared.connecting.trouble import mark_broken
from shared.connecting.ways import Ways
from shared.db.engine import OpenSession
from shared.secrets import SecretBox
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.calls import Allowance
from shared.vendors.http import Patience
from shared.vendors.shiphero.client import ShipHero

__all__ = ["BRIGHTPEARL", "SHIPHERO", "Connections", "mark_broken"]

Client = TypeVar("Client")
Version = tuple[int, datetime]
ProofOf = Callable[[Stored, Renew], Proof]


class Allowances(Protocol):
    """What each account may still ask of each vendor."""

    def allowance(self, account_id: UUID, vendor: str) -> Allowance:
        """Give one account's allowance at one vendor."""
        ...


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
        vendor_settings: VendorSettings,
        allowances: Allowances | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.open_session, self.open_reading, self.box = open_session, open_reading, box
        self.now, self.settings = now, vendor_settings
        self.ways = Ways(vendor_settings, patience=patience, now=now)
        asking = Refreshing(ways=self.ways, now=now, allowance=self._allowance)
        self.renewal = Renewal(
            open_session=open_session,
            open_reading=open_reading,
            box=box,
            now=now,
            # One of its own for each object: whoever has a lease may take it again.
            worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
            lease=lease_of(patience.total, patience.within),
            wait=wait,
            ask={BRIGHTPEARL: asking.ask_brightpearl, SHIPHERO: asking.ask_shiphero},
        )
        self._allowances = allowances
        self._clients: dict[tuple[UUID, str], tuple[Version, object]] = {}
        self._making = threading.Lock()

    def brightpearl(self, account_id: UUID) -> Brightpearl:
        """Give the account's Brightpearl client."""
        return self._client(account_id, BRIGHTPEARL, self._new_brightpearl)

    def shiphero(self, account_id: UUID) -> ShipHero:
        """Give the account's ShipHero client."""
        return self._client(account_id, SHIPHERO, self._new_shiphero)

    def brightpearl_account(self, account_id: UUID) -> str:
        """Give the account's code at Brightpearl."""
        return self.renewal.present(account_id, BRIGHTPEARL).vendor_account

    def _client(self, account_id: UUID, vendor: str, make: Callable[[Stored], Client]) -> Client:
        stored = self.renewal.present(account_id, vendor)
        version = (stored.version, stored.updated_at)
        with self._making:
            made_from, client = self._clients.get((account_id, vendor), (None, None))
            if made_from != version or client is None:
                client = make(stored)
                self._clients[account_id, vendor] = (version, client)
        return client  # type: ignore[return-value]  # the key's vendor decides the class

    def _new_brightpearl(self, stored: Stored) -> Brightpearl:
        renew = self._renewing(stored, self.ways.brightpearl_proof)
        return self.ways.brightpearl(stored, renew=renew, allowance=self._allowance(stored))

    def _new_shiphero(self, stored: Stored) -> ShipHero:
        renew = self._renewing(stored, self.ways.shiphero_proof)
        return self.ways.shiphero(stored, renew=renew, allowance=self._allowance(stored))

    def _allowance(self, stored: Stored) -> Allowance | None:
        if self._allowances is None:
            return None
        return self._allowances.allowance(stored.account_id, stored.vendor)

    def _renewing(self, stored: Stored, proof_of: ProofOf) -> Renew:
        account_id, vendor = stored.account_id, stored.vendor

        def renew(refused: Proof) -> Proof:
            known = self.renewal.present(account_id, vendor)
            if known.version == refused.version:
                if "refresh_token" not in known.secrets:
                    return refused  # a private app: repeated once, then it is broken (contract §3a)
                known = self.renewal.newer_than(refused.version, account_id, vendor)
            return proof_of(known, renew)

        return renew

"""Which accounts have series of their own: so many of those that are live, alike in every process.

An account is labelled by its code. Whatever is beyond the bound counts as one, `OTHERS`.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble

OTHERS: Final = "others"
# Seconds: how soon an account that is new, and how late one that has left, is noticed.
SOONEST, LATEST = 10.0, 300.0

AccountLabel = Callable[[UUID], str]


def others(_account_id: UUID) -> str:
    """Label no account by its own code."""
    return OTHERS


def shown_accounts(session: Session, most: int) -> Mapping[UUID, str]:
    """Give the codes of the first `most` accounts that are live and connected, the oldest first.

    The order is that of their beginning, so that every process chooses the same ones.
    """
    connected = exists().where(
        col(VendorConnection.account_id) == col(Account.id), col(VendorConnection.credentials) != ""
    )
    rows = session.exec(
        select(Account.id, Account.code)
        .where(col(Account.go_live_at).is_not(None), connected)
        .order_by(col(Account.created_at), col(Account.id))
        .limit(most)
    )
    return {id_: code for id_, code in rows}  # noqa: C416 - rows are no pairs to mypy


class AccountLabels:
    """Labels accounts; may be shared by threads."""

    def __init__(
        self,
        open_reading: OpenSession,
        *,
        most: int,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_reading = open_reading
        self._most = most
        self._elapsed = elapsed
        self._codes: Mapping[UUID, str] = {}
        self._read_at = float("-inf")

    def __call__(self, account_id: UUID) -> str:
        """Give the account's code, `OTHERS` beyond the bound or while our database is away."""
        age = self._elapsed() - self._read_at
        if age >= LATEST or (age >= SOONEST and account_id not in self._codes):
            self._read()
        return self._codes.get(account_id, OTHERS)

    def _read(self) -> None:
        self._read_at = self._elapsed()
        try:
            with our_trouble(), self._open_reading() as session:
                self._codes = shown_accounts(session, self._most)
        except OurTrouble:
            return  # the labels of a moment ago do as well

"""A merchant's program: a token, and the calls it makes with it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from services.portal.tokens.token import BEGINS, SCOPES, SHOWN, digest_of
from shared.db.portal_tables import ApiToken
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants

API = "/api/v1"


def a_token(
    merchants: Merchants,
    account_id: UUID = FERNLEAF,
    *,
    scopes: Collection[str] = tuple(SCOPES),
    name: str = "Warehouse screen",
    expires_at: datetime | None = None,
    revoked_at: datetime | None = None,
) -> str:
    """Keep a token and give it."""
    token = BEGINS + uuid4().hex + "x" * 11
    with merchants.open_session() as session:
        session.add(
            ApiToken(
                id=uuid4(),
                account_id=account_id,
                name=name,
                beginning=token[:SHOWN],
                digest=digest_of(token),
                scopes=sorted(scopes),
                made_by="ann@fernleaf.example",
                made_at=NOON - timedelta(days=1),
                expires_at=expires_at,
                revoked_at=revoked_at,
            )
        )
        session.commit()
    return token


class Program:
    """Calls the API with a token, or with none."""

    def __init__(self, merchants: Merchants, token: str = "") -> None:
        self._client = merchants.visitor()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: Any = None) -> TestResponse:
        """Call an address of the API, such as "/sync-log"."""
        address = path if path.startswith(API) else API + path
        return self._client.open(address, method=method, json=body, headers=self._headers)

    def get(self, path: str) -> TestResponse:
        """Read."""
        return self.call("GET", path)

"""How we prove ourselves to ShipHero: a bearer token, refreshed from a static one (§1)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pydantic import ValidationError

from shared.errors import ConnectionBroken, GoodsoutError, Throttled, Transient
from shared.vendors.exchange import Answer, Ask, Effect
from shared.vendors.http import VendorHttp
from shared.vendors.shiphero.account_models import Tokens
from shared.vendors.shiphero.api import PUBLIC_API
from shared.vendors.shiphero.faults import DEFAULT_WAIT


class ShipHeroTokens:
    """The token endpoint, before and beside the client."""

    def __init__(self, http: VendorHttp, *, base_url: str = PUBLIC_API) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")

    def exchange_password(self, username: str, password: str) -> Tokens:
        """Get tokens for a user and password, which need not be kept afterwards.

        Raises ConnectionBroken when they are wrong, Transient and Throttled.
        """
        given = {"username": username, "password": password}
        return self._tokens("exchange_password", "/auth/token", given)

    def refresh(self, refresh_token: str) -> Tokens:
        """Get a new access token; the refresh token stays good unless another comes back."""
        return self._tokens("refresh", "/auth/refresh", {"refresh_token": refresh_token})

    def _tokens(self, operation: str, path: str, given: Mapping[str, str]) -> Tokens:
        answer = self._http.send(
            Ask(
                operation=operation,
                method="POST",
                url=self._base_url + path,
                effect=Effect.REPEATABLE_WRITE,
                headers={"Content-Type": "application/json"},
                body=json.dumps(given).encode(),
            )
        )
        if answer.status != 200:  # noqa: PLR2004
            raise self._refusal(operation, answer)
        try:
            return Tokens.model_validate(answer.json())
        except (ValidationError, ValueError):
            raise Transient(
                f"ShipHero's answer cannot be read ({operation}).", code="shiphero_trouble"
            ) from None

    def _refusal(self, operation: str, answer: Answer) -> GoodsoutError:
        # The bodies are not known (contract §4) and may repeat a secret: only the status counts.
        if answer.status == 429:  # noqa: PLR2004
            until = self._http.clock() + timedelta(seconds=DEFAULT_WAIT)
            return Throttled(f"ShipHero asks us to wait ({operation}).", until=until)
        if 400 <= answer.status < 500 and answer.status != 408:  # noqa: PLR2004
            return ConnectionBroken(
                f"ShipHero refused the credentials ({operation}); reconnect the account.",
                vendor="shiphero",
            )
        return Transient(
            f"ShipHero ({operation}): status {answer.status}; it is tried again.",
            code="shiphero_trouble",
        )


@dataclass(frozen=True, kw_only=True)
class BearerToken:
    """An access token, and what a newer one is made from.

    `keep` stores the new tokens before they are used; it is called by one thread at a time.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    tokens: ShipHeroTokens | None = field(default=None, repr=False)
    keep: Callable[[Tokens], None] | None = field(default=None, repr=False)
    base_url: str = ""
    version: int | None = None

    def headers(self) -> Mapping[str, str]:
        """Build the header that proves who we are."""
        return {"Authorization": f"Bearer {self.access_token}"}

    def refreshed(self) -> "BearerToken | None":
        """Fetch, keep and answer a newer token; None when there is nothing to refresh from."""
        if self.tokens is None or self.refresh_token is None:
            return None
        new = self.tokens.refresh(self.refresh_token)
        if self.keep is not None:
            self.keep(new)
        return replace(
            self,
            access_token=new.access_token,
            refresh_token=new.refresh_token or self.refresh_token,
        )

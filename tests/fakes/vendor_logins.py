"""The vendors' token addresses in memory, with the clients' own signatures."""

from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

from shared.clock import Now
from shared.errors import ConnectionBroken, OurTrouble
from shared.vendors.brightpearl.hosts import allowed_base_url
from shared.vendors.brightpearl.oauth import Granted
from shared.vendors.calls import Allowance
from shared.vendors.shiphero.account_models import Tokens

WEEK = timedelta(days=7)
FOUR_WEEKS = 28 * 24 * 3600


class FakeBrightpearlOAuth:
    """Gives tokens for codes it made, each once; a refresh ends the token it was made from.

    `host` is what the answers name as `api_domain`. The access tokens it gave are good for ever.
    """

    def __init__(self, now: Now) -> None:
        self.host = "euw1.brightpearlconnect.com"
        # Whether Brightpearl takes the id and secret that our app has.
        self.knows_our_app = True
        self._now = now
        self._codes: dict[str, tuple[str, str]] = {}
        self._refresh_tokens: dict[str, str] = {}
        self._access_tokens: set[str] = set()
        self._numbers = count(1)

    def consent_url(self, account: str, redirect_uri: str, state: str) -> str:
        """Name the page on which `approve` plays the merchant."""
        query = {
            "response_type": "code",
            "client_id": "goodsout",
            "redirect_uri": redirect_uri,
            "state": state,
        }
        return f"https://oauth.brightpearl.com/authorize/{account}?{urlencode(query)}"

    def approve(self, account: str, redirect_uri: str) -> str:
        """Play the merchant who approves: the code that comes back with the browser."""
        code = f"code-{next(self._numbers)}"
        self._codes[code] = (account, redirect_uri)
        return code

    def knows(self, other: "FakeBrightpearlOAuth") -> None:
        """Share the codes and tokens of another one."""
        self._codes, self._refresh_tokens = other._codes, other._refresh_tokens

    def accepts(self, access_token: str) -> bool:
        """Tell whether an access token was given here."""
        return access_token in self._access_tokens

    def exchange(self, account: str, code: str, redirect_uri: str) -> Granted:
        """Give tokens for a code of this account and address, once."""
        if not self.knows_our_app:
            raise OurTrouble("invalid_client: put BRIGHTPEARL_CLIENT_SECRET right")
        if self._codes.get(code) != (account, redirect_uri):
            raise ConnectionBroken("invalid_grant", vendor="brightpearl")
        base_url = allowed_base_url(self.host, account)
        del self._codes[code]
        return self._granted(account, base_url, installation="21")

    def refresh(
        self,
        account: str,
        refresh_token: str,
        *,
        allowance: Allowance | None = None,  # noqa: ARG002 - it asks nobody
    ) -> Granted:
        """Give newer tokens; the refresh token is turned with it."""
        if self._refresh_tokens.get(refresh_token) != account:
            raise ConnectionBroken("invalid_grant", vendor="brightpearl")
        base_url = allowed_base_url(self.host, account)
        del self._refresh_tokens[refresh_token]
        return self._granted(account, base_url)

    def _granted(self, account: str, base_url: str, installation: str = "") -> Granted:
        number = next(self._numbers)
        self._refresh_tokens[f"refresh-{number}"] = account
        self._access_tokens.add(f"access-{number}")
        return Granted(
            access_token=f"access-{number}",
            refresh_token=f"refresh-{number}",
            expires_at=self._now() + WEEK,
            base_url=base_url,
            installation_instance_id=installation,
        )


class FakeShipHeroTokens:
    """Gives tokens for demo@example.com, password "right"; the refresh token stays "static"."""

    def __init__(self) -> None:
        self._user = ("demo@example.com", "right")
        self._refresh_token = "static"
        self._access_tokens: set[str] = set()
        self._numbers = count(1)

    def exchange_password(self, username: str, password: str) -> Tokens:
        """Give both tokens to who knows the password."""
        if (username, password) != self._user:
            raise ConnectionBroken("wrong password", vendor="shiphero")
        return self._tokens(self._refresh_token)

    def refresh(self, refresh_token: str) -> Tokens:
        """Give a new access token and no refresh token."""
        if refresh_token != self._refresh_token:
            raise ConnectionBroken("wrong refresh token", vendor="shiphero")
        return self._tokens(None)

    def accepts(self, access_token: str) -> bool:
        """Tell whether an access token was given here."""
        return access_token in self._access_tokens

    def _tokens(self, refresh_token: str | None) -> Tokens:
        access_token = f"access-{next(self._numbers)}"
        self._access_tokens.add(access_token)
        return Tokens(
            access_token=access_token,
            refresh_token=refresh_token,
            expires_in=FOUR_WEEKS,
        )

"""Brightpearl's OAuth: the consent page's address, tokens for a code, newer ones (contract §3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from shared.clock import Now
from shared.errors import ConnectionBroken, GoodsoutError, OurTrouble, Throttled, Transient
from shared.vendors.authentication import Authentication
from shared.vendors.brightpearl.hosts import allowed_base_url
from shared.vendors.calls import Allowance
from shared.vendors.exchange import Answer, Ask, Effect
from shared.vendors.http import VendorHttp

# The documented life, where an answer tells none that can be read (contract §3).
LIFE = 7 * 24 * 3600.0
DEFAULT_WAIT = 60.0  # seconds; how the token address asks to wait is not known
# It is we who are refused, whichever account is meant (contract §3; the second by RFC 6749).
OF_OUR_APP = frozenset({"invalid_client", "unauthorized_client"})
APP_REFUSED = "brightpearl_app_refused"
APP_REFUSED_WAIT = 120.0  # seconds; only the operator ends it


@dataclass(frozen=True, kw_only=True)
class OAuthApp:
    """Our app at Brightpearl; `client_secret` is "" for a public client.

    `hosts` are `host:port` pairs allowed beside Brightpearl's own, such as a sandbox.
    """

    client_id: str
    client_secret: str = field(repr=False)
    dev_ref: str
    oauth_url: str
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What an account granted us; `refresh_token` and the instance id are "" when none came."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    base_url: str
    installation_instance_id: str = ""


class BrightpearlOAuth:
    """The consent page and the token address, before and beside the client."""

    def __init__(self, http: VendorHttp, app: OAuthApp, now: Now) -> None:
        self._http = http
        self._app = app
        self._now = now

    def consent_url(self, account: str, redirect_uri: str, state: str) -> str:
        """Build the address to which the merchant's browser is sent."""
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
        }
        return f"{self._address('authorize', account)}?{urlencode(query)}"

    def exchange(self, account: str, code: str, redirect_uri: str) -> Granted:
        """Get tokens for a code; `redirect_uri` is the very same as on the consent page.

        Raises ConnectionBroken when the code is refused, OurTrouble when our app is, Permanent for
        a host that is not Brightpearl's, Transient and Throttled.
        """
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        # A code is good once: were its answer lost, the repeat would be refused.
        return self._granted("token-exchange", account, given, Effect.SINGLE_WRITE)

    def refresh(
        self, account: str, refresh_token: str, *, allowance: Allowance | None = None
    ) -> Granted:
        """Get newer tokens; whether the old ones end with it is not known (contract §3).

        Nor is whether Brightpearl counts it as a request of the account's: it is taken as one.
        """
        given = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._granted(
            "token-refresh", account, given, Effect.SINGLE_WRITE, allowance=allowance
        )

    def _granted(
        self,
        operation: str,
        account: str,
        given: Mapping[str, str],
        effect: Effect,
        *,
        allowance: Allowance | None = None,
    ) -> Granted:
        who = {"client_id": self._app.client_id}
        if self._app.client_secret:
            who["client_secret"] = self._app.client_secret
        answer = self._http.send(
            Ask(
                operation=operation,
                method="POST",
                url=self._address("token", account),
                effect=effect,
                allowance=allowance,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                # Tokens hold +, / and =, which a form must not carry as they are (contract §3).
                body=urlencode({**given, **who}).encode(),
            )
        )
        if answer.status != 200:  # noqa: PLR2004
            raise self._refusal(operation, answer)
        return self._read(operation, account, answer)

    def _read(self, operation: str, account: str, answer: Answer) -> Granted:
        try:
            told = answer.json()
            access_token, host = str(told["access_token"]), str(told["api_domain"])
        except (ValueError, KeyError, TypeError):
            # Nothing of the body may be shown: it may hold a token.
            raise Transient(
                f"Brightpearl's answer cannot be read ({operation}); it is tried again.",
                code="brightpearl_unreadable",
            ) from None
        return Granted(
            access_token=access_token,
            refresh_token=str(told.get("refresh_token") or ""),
            expires_at=self._now() + timedelta(seconds=_life(told.get("expires_in"))),
            base_url=allowed_base_url(host, account, extra=self._app.hosts),
            installation_instance_id=str(told.get("installation_instance_id") or ""),
        )

    def _refusal(self, operation: str, answer: Answer) -> GoodsoutError:
        if answer.status in {429, 503}:
            until = self._now() + timedelta(seconds=DEFAULT_WAIT)
            return Throttled(f"Brightpearl asks us to wait ({operation}).", until=until)
        if 400 <= answer.status < 500 and answer.status != 408:  # noqa: PLR2004
            named = _error_of(answer)
            if named in OF_OUR_APP:
                return _app_refused(operation, named)
            said = f": {named}" if named else ""
            return ConnectionBroken(
                f"Brightpearl refused ({operation}){said}; connect the account again.",
                vendor="brightpearl",
            )
        return Transient(
            f"Brightpearl ({operation}): status {answer.status}; it is tried again.",
            code="brightpearl_trouble",
        )

    def _address(self, what: str, account: str) -> str:
        return f"{self._app.oauth_url.rstrip('/')}/{what}/{quote(account, safe='')}"


@dataclass(frozen=True, kw_only=True)
class OAuthToken:
    """Our app with an account's access token; `renew` gives newer credentials after a refusal."""

    app: OAuthApp
    access_token: str = field(repr=False)
    base_url: str = ""
    version: int | None = None
    renew: Callable[[], Authentication | None] | None = field(default=None, repr=False)

    def headers(self) -> Mapping[str, str]:
        """Build the three headers of an OAuth app (contract §2)."""
        return {
            "Authorization": f"Bearer {self.access_token}",
            "brightpearl-app-ref": self.app.client_id,
            "brightpearl-dev-ref": self.app.dev_ref,
        }

    def refreshed(self) -> Authentication | None:
        """Fetch newer credentials; None when nobody told how."""
        return None if self.renew is None else self.renew()


def _life(told: object) -> float:
    """Read `expires_in`, seconds; a value that no token can have counts as the documented one."""
    if isinstance(told, str) and re.fullmatch(r"\d{1,9}", told):
        told = int(told)
    is_number = isinstance(told, int) and not isinstance(told, bool)
    return float(told) if is_number and told > 0 else LIFE  # type: ignore[operator, arg-type]


def _error_of(answer: Answer) -> str:
    """Take the error's name, such as invalid_grant; never its description, which may repeat us."""
    try:
        named = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(named) if re.fullmatch(r"[a-z_]{1,40}", str(named)) else ""


def _app_refused(operation: str, named: str) -> OurTrouble:
    return OurTrouble(
        f"Brightpearl does not accept Goodsout's own app ({operation}: {named}). The operator puts "
        "BRIGHTPEARL_CLIENT_ID and BRIGHTPEARL_CLIENT_SECRET right and restarts; nothing is to be "
        "connected again.",
        code=APP_REFUSED,
        retry_after=APP_REFUSED_WAIT,
    )

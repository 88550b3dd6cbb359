"""Newer tokens from each vendor, in the form in which they are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from shared.clock import Now
from shared.connecting.keeping import Fresh
from shared.connecting.stored import Stored
from shared.connecting.ways import Ways
from shared.errors import ConnectionBroken, OurTrouble, Permanent, Transient, UnknownOutcome
from shared.vendors.brightpearl.oauth import APP_REFUSED, Granted
from shared.vendors.calls import Allowance
from shared.vendors.shiphero.account_models import Tokens

NO_PII = (
    "The ShipHero user lacks the scope view:pii, so that names and addresses are hidden from us. "
    "Orders are still sent; grant the scope and reconnect to see who they are for."
)

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Refreshing:
    """Asks the vendor that a connection belongs to; `allowance` gives its budget, if any."""

    ways: Ways
    now: Now
    allowance: Callable[[Stored], Allowance | None]

    def ask_brightpearl(self, known: Stored) -> Fresh:
        """Get newer tokens, and the host on which they hold: accounts move (contract §1)."""
        token = _refresh_token(known)
        try:
            granted = self.ways.brightpearl_oauth.refresh(
                known.vendor_account, token, allowance=self.allowance(known)
            )
        except Permanent as error:
            # Without a host that we may call there is no connection, however often it is tried.
            raise _broken(known, str(error), code=error.code) from error
        except OurTrouble as error:
            if error.code == APP_REFUSED:
                log.error(  # noqa: TRY400 - the sentence says it all
                    "brightpearl.app_refused", account=str(known.account_id), reason=str(error)
                )
            raise
        except UnknownOutcome as error:
            # What was to be sent with the new token was not sent: only the renewal is unclear.
            raise Transient(str(error), code=error.code, trace=error.trace) from error
        return of_grant(granted, before=known.secrets)

    def ask_shiphero(self, known: Stored) -> Fresh:
        """Get a newer access token; the refresh token as a rule stays (contract §1)."""
        tokens = self.ways.shiphero_tokens.refresh(_refresh_token(known))
        return of_tokens(tokens, before=known.secrets, base_url=known.base_url, now=self.now())


def of_grant(granted: Granted, *, before: dict[str, str] | None = None) -> Fresh:
    """Lay out what Brightpearl granted; what it did not name stays as it was."""
    named = {
        "access_token": granted.access_token,
        "refresh_token": granted.refresh_token,
        "installation_instance_id": granted.installation_instance_id,
    }
    return Fresh(
        secrets={**(before or {}), **{name: value for name, value in named.items() if value}},
        base_url=granted.base_url,
        expires_at=granted.expires_at,
    )


def of_tokens(
    tokens: Tokens, *, base_url: str, now: datetime, before: dict[str, str] | None = None
) -> Fresh:
    """Lay out what ShipHero gave; `warnings` name a scope that is missing."""
    secrets = {**(before or {}), "access_token": tokens.access_token}
    if tokens.refresh_token:
        secrets["refresh_token"] = tokens.refresh_token
    return Fresh(
        secrets=secrets,
        base_url=base_url,
        expires_at=now + timedelta(seconds=tokens.expires_in),
        warnings=(NO_PII,) if hides_people(tokens.scope) else (),
    )


# The two that are documented (contract §1); what else is missing shows as error 7 when it is read.
NEEDED_SCOPES = ("view:orders", "change:orders")


def missing_scopes(scope: str) -> tuple[str, ...]:
    """Name the scopes that we need and a token lacks; a token that lists none tells nothing."""
    scopes = scope.split()
    if not any(":" in one for one in scopes):
        return ()
    return tuple(one for one in NEEDED_SCOPES if one not in scopes)


def hides_people(scope: str) -> bool:
    """Tell whether the scopes are listed and `view:pii` is not among them.

    Without it names and addresses come back null and nothing says why (contract §1). A token whose
    `scope` lists no permission at all tells nothing.
    """
    scopes = scope.split()
    return any(one.startswith("view:") for one in scopes) and "view:pii" not in scopes


def _refresh_token(known: Stored) -> str:
    token = known.secrets.get("refresh_token", "")
    if not token:
        raise _broken(known, "There is nothing to renew the credentials with; reconnect.")
    return token


def _broken(known: Stored, sentence: str, *, code: str = "") -> ConnectionBroken:
    return ConnectionBroken(sentence, vendor=known.vendor, version=known.version, code=code)

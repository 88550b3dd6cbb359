"""How often something secret may be tried: ten times in five minutes, by person and by address.

A try is counted before it is looked at, so that those which come at once count as well; where only
failures count, one that went well is given back with its answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import flask
from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter
from sqlalchemy import Engine

from services.portal.people.rate_counts import RateCounts
from shared.clock import Now
from shared.db.engine import session_maker
from shared.secrets import digest

OFTEN_ENOUGH: Final = "10 per 5 minutes"
TRIES_AT_MOST: Final = 10
# What is taken leads elsewhere, what is refused shows its form again; the rest is no try of theirs.
TAKEN: Final = 302
OUR_TROUBLE: Final = 500


def _typed() -> str:
    return request.form.get("email", "").strip().lower()


def _link() -> str:
    return str((request.view_args or {}).get("token", ""))


def _logged_in() -> str:
    return str(flask.session.get("_user_id", ""))


def _half_logged_in() -> str:
    return str(flask.session.get("tf_user_id", ""))


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Whose secret is tried; `failures_only` where the right one may be given often."""

    person: Callable[[], str]
    failures_only: bool = False


# What is sent (POST) to these.
LIMITED: Final[Mapping[str, Limited]] = {
    "security.login": Limited(person=_typed, failures_only=True),
    "security.register": Limited(person=_typed),
    "security.send_confirmation": Limited(person=_typed),
    "security.forgot_password": Limited(person=_typed),
    "security.reset_password": Limited(person=_link),
    "security.verify": Limited(person=_logged_in, failures_only=True),
    "security.change_password": Limited(person=_logged_in, failures_only=True),
    "security.two_factor_setup_validate": Limited(person=_logged_in),
    "security.two_factor_token_validation": Limited(person=_half_logged_in, failures_only=True),
    "security.mf_recovery": Limited(person=_half_logged_in, failures_only=True),
    "invitation.join": Limited(person=_link),
}


def limit_tries(app: Flask, engine: Engine, now: Now) -> None:
    """Answer 429 to who tries too often; before anything else is looked at."""
    [scheme] = RateCounts.STORAGE_SCHEME
    # The library's type knows of words and numbers only; ours needs our database and clock.
    counting: Any = {"open_session": session_maker(engine), "now": now}
    limiter = Limiter(
        _address,
        app=app,
        application_limits=[
            ApplicationLimit(
                limit_provider=OFTEN_ENOUGH,
                key_function=whose,
                scope=str,
                exempt_when=_is_free,
            )
            for whose in (_address, _person)
        ],
        storage_uri=f"{scheme}://",
        storage_options=counting,
    )
    app.after_request(partial(_give_back, limiter))


def _address() -> str:
    return f"address:{request.remote_addr or 'unknown'}"


def _person() -> str:
    whose = LIMITED[request.endpoint or ""].person()
    # As a digest: whose log-in was tried is nothing to keep.
    return f"person:{digest(whose)[:32]}" if whose else _address()


def _is_free() -> bool:
    return request.method != "POST" or request.endpoint not in LIMITED


def _give_back(limiter: Limiter, response: Response) -> Response:
    limited = LIMITED.get(request.endpoint or "")
    if limited is not None and limited.failures_only and not _failed(response):
        counts = cast("RateCounts", limiter.storage)
        for one in limiter.current_limits:
            counts.give_back(one.key)
    return response


def _failed(response: Response) -> bool:
    return response.status_code != TAKEN and response.status_code < OUR_TROUBLE

"""Lets a program in by its token: known, good, allowed to do this, and not too often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import request
from sqlmodel import Session, select

from services.portal.api.counting import count_call
from services.portal.frame.access import TokenHolder, speak_as
from services.portal.frame.problem_documents import Problem
from services.portal.tokens.keeping import is_good
from services.portal.tokens.token import digest_of, is_token
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.db.portal_tables import ApiToken

# Often enough to see whether a token is in use, seldom enough to cost nothing.
USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Checks each call before it is answered.

    `open_session` sees every account: whose the token is, is only known afterwards. `scopes` says
    by endpoint which scope a call needs, "" where any good token will do; `calls_a_minute` is for
    each token.
    """

    open_session: OpenSession
    scopes: Mapping[str, str]
    calls_a_minute: int
    now: Now

    def let_in(self, endpoint: str) -> None:
        """Answer for the token's account from here on, or raise a Problem that says why not."""
        token, now = _shown_token(), self.now()
        with self.open_session() as session:
            row = _known(session, token, now=now)
            self._refuse_too_many(session, row, now=now)
            if row.used_at is None or now - row.used_at >= USED_EVERY:
                row.used_at = now
                session.add(row)
            session.commit()
        holder = TokenHolder(account_id=row.account_id, name=row.name, scopes=frozenset(row.scopes))
        _refuse_beyond(holder, self.scopes[endpoint])
        speak_as(holder)

    def _refuse_too_many(self, session: Session, row: ApiToken, *, now: datetime) -> None:
        counted = count_call(session, row.id, now=now)
        if counted.calls <= self.calls_a_minute:
            return
        session.commit()
        seconds = counted.seconds_left
        raise Problem(
            429,
            "Too many calls",
            f"A token may be used {self.calls_a_minute} times a minute; go on in {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )


def _shown_token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and is_token(token.strip()):
        return token.strip()
    raise _unknown(
        "Send a token of your account as `Authorization: Bearer go_...`; an owner makes one on the "
        "page API tokens. A log-in of the portal counts for nothing here."
    )


def _known(session: Session, token: str, *, now: datetime) -> ApiToken:
    query = select(ApiToken).where(ApiToken.digest == digest_of(token))
    row = session.exec(query).one_or_none()
    if row is None:
        raise _unknown("This token is not known; look whether it was copied in full.")
    if not is_good(row, now=now):
        raise _unknown(
            f"The token {row.name} was revoked or has expired; have an owner make another one."
        )
    return row


def _unknown(sentence: str) -> Problem:
    # RFC 6750: whoever is not let in is told by which kind of proof they would be.
    headers = {"WWW-Authenticate": 'Bearer realm="Goodsout"'}
    return Problem(401, "No good token", sentence, headers=headers)


def _refuse_beyond(holder: TokenHolder, scope: str) -> None:
    if not scope or scope in holder.scopes:
        return
    raise Problem(
        403,
        "The token may not do this",
        f"This needs the scope {scope}, which the token {holder.name} has not; have an owner make "
        "one that has.",
        headers={
            "WWW-Authenticate": f'Bearer realm="Goodsout", error="insufficient_scope", '
            f'scope="{scope}"'
        },
    )

"""Making, listing and revoking the tokens of one account. The caller commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.portal.tokens.token import SCOPES, SHOWN, digest_of, new_token
from shared.audit import record_act
from shared.connecting.refusal import Refused
from shared.db.portal_tables import ApiToken
from shared.journal.record import new_id

LONGEST_NAME: Final = 60
AT_MOST: Final = 50
NEVER: Final = "never"
# How long a token may be good for, by the word in the form.
LASTING: Final = {"30": "30 days", "90": "90 days", "365": "a year", NEVER: "until it is revoked"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person wants a token to be, as the form sent it."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    lasting: str = "90"
    faults: dict[str, str] = field(default_factory=dict)


def checked(wish: Wish, kept: Iterable[ApiToken], *, now: datetime) -> Wish:
    """Give the wish with a sentence for each field that is wrong."""
    good = [token for token in kept if is_good(token, now=now)]
    faults = {}
    if not wish.name:
        faults["name"] = "Give the token a name, such as the program that will use it."
    elif not wish.name.isprintable():
        faults["name"] = "A name is one line of letters, digits and signs."
    elif any(token.name == wish.name for token in good):
        faults["name"] = f"There is a token called {wish.name} already; choose another name."
    if not wish.scopes or not set(wish.scopes) <= SCOPES.keys():
        faults["scopes"] = "Choose at least one thing that the token may do."
    if wish.lasting not in LASTING:
        faults["lasting"] = "Choose how long the token is to be good for."
    if len(good) >= AT_MOST:
        faults["name"] = f"There are {AT_MOST} tokens; revoke one that is no longer used first."
    return Wish(name=wish.name, scopes=wish.scopes, lasting=wish.lasting, faults=faults)


def make_token(
    session: Session, account_id: UUID, wish: Wish, *, who: str, now: datetime
) -> tuple[ApiToken, str]:
    """Keep a new token's digest; gives its row, and the token itself for this one time."""
    if wish.faults:
        raise Refused(" ".join(wish.faults.values()))
    token = new_token()
    expires_at = None if wish.lasting == NEVER else now + timedelta(days=int(wish.lasting))
    row = ApiToken(
        id=new_id(),
        account_id=account_id,
        name=wish.name,
        beginning=token[:SHOWN],
        digest=digest_of(token),
        scopes=sorted(wish.scopes),
        made_by=who,
        made_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    may_do = ", ".join(row.scopes)
    record_act(
        session, account_id, who=who, act="token_made", now=now, subject=wish.name, after=may_do
    )
    return row, token


def revoke(session: Session, account_id: UUID, row: ApiToken, *, who: str, now: datetime) -> bool:
    """End a token's use at once; False where that was done before."""
    if row.revoked_at is not None:
        return False
    row.revoked_at = now
    session.add(row)
    record_act(session, account_id, who=who, act="token_revoked", now=now, subject=row.name)
    return True


def tokens_of(session: Session, account_id: UUID) -> Sequence[ApiToken]:
    """Give every token that was ever made, the newest first."""
    query = select(ApiToken).where(ApiToken.account_id == account_id)
    return session.exec(query.order_by(col(ApiToken.made_at).desc(), col(ApiToken.id))).all()


def token_of(session: Session, account_id: UUID, token_id: UUID) -> ApiToken | None:
    """Give one of the account's tokens."""
    query = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.id == token_id)
    return session.exec(query).one_or_none()


def is_good(row: ApiToken, *, now: datetime) -> bool:
    """Tell whether a token may still be used."""
    return row.revoked_at is None and (row.expires_at is None or now < row.expires_at)

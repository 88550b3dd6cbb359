"""Tell one cause to everybody who should know: a mail for each person who wants its kind.

What is told is recorded in the caller's transaction, and never twice for one cause.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.bounces import paused
from shared.db.account_tables import Account
from shared.destinations import request
from shared.mails import Letter, Notice, Post, to_letter
from shared.notifications import KINDS, Person, people_wanting
from shared.secrets import SecretBox
from shared.unsubscribing import PATH, Choice, unsubscribe_token

ANSWER: Final = "Re: "


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Whose people are told, and what their letters are made with."""

    account_id: UUID
    code: str
    secret_keys: str
    portal_url: str

    @property
    def post(self) -> Post:
        """What records the account's mails."""
        return Post(account_id=self.account_id, code=self.code, box=SecretBox(self.secret_keys))

    def switch_off(self, person: Person, kind: str) -> str:
        """Give the address by which a person switches a kind of mail off."""
        choice = Choice(user_id=person.user_id, kind=kind)
        token = unsubscribe_token(choice, secret_keys=self.secret_keys)
        return f"{self.portal_url}{PATH}/{token}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which mail of a thread this is, counted from 1."""

    thread: UUID
    number: int


def telling_of(session: Session, account_id: UUID, *, secret_keys: str, portal_url: str) -> Telling:
    """Prepare to tell an account's people."""
    code = session.get_one(Account, account_id).code
    return Telling(account_id=account_id, code=code, secret_keys=secret_keys, portal_url=portal_url)


def tell(
    session: Session,
    told: Telling,
    kind: str,
    notice: Notice,
    *,
    about: str,
    once_for: str,
    now: datetime,
    place: Place | None = None,
) -> int:
    """Record a mail to everybody who wants `kind`, and a notice to each destination that does.

    Gives how many are new. The caller commits.

    `about` (an id of ours) is what people see of it in the journal. Mails of one `place.thread`
    stand together in a person's mailbox, so they have one subject. An address that refused its
    last three mails gets none.
    """
    if place is not None and place.number > 1:
        notice = replace(notice, subject=f"{ANSWER}{notice.subject}")
    count = request(
        session, told.account_id, kind=kind, notice=notice, about=about, once_for=once_for, now=now
    )
    silent = paused(session, told.account_id)
    for person in people_wanting(session, told.account_id, kind):
        if person.email.lower() in silent:
            continue
        event_id = told.post.request(
            session,
            _letter(told, person, kind, notice, place),
            kind=kind,
            about=about,
            once_for=f"{once_for}:{person.user_id}",
            now=now,
        )
        count += event_id is not None
    return count


def tell_one(
    session: Session,
    told: Telling,
    user_id: int,
    kind: str,
    notice: Notice,
    *,
    about: str,
    once_for: str,
    now: datetime,
) -> bool:
    """Record a mail to one person, if they want `kind`; says whether it is new."""
    silent = paused(session, told.account_id)
    for person in people_wanting(session, told.account_id, kind):
        if person.user_id == user_id and person.email.lower() not in silent:
            letter = _letter(told, person, kind, notice, None)
            asked = {"kind": kind, "about": about, "once_for": once_for}
            return told.post.request(session, letter, **asked, now=now) is not None
    return False


def _letter(
    told: Telling, person: Person, kind: str, notice: Notice, place: Place | None
) -> Letter:
    letter = to_letter(
        notice,
        to=person.email,
        unsubscribe=told.switch_off(person, kind),
        kind=KINDS[kind].label,
    )
    if place is None:
        return letter
    return replace(letter, thread=f"{place.thread}.{person.user_id}", number=place.number)

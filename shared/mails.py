"""Have a mail sent: an event of the journal that holds a sealed letter; the notifier posts it.

A letter may hold a link that lets somebody in. So it is encrypted in the journal, and erased in
the transaction that settles it as sent (decision 0016).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import update
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.events import MAIL_REQUESTED, NewEvent
from shared.journal.record import record
from shared.secrets import SecretBox

SEALED: Final = "letter"
KIND: Final = "kind"
ATTACHED: Final = "attachments"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file of text that goes along; `subtype` is that of `text/`, such as "csv"."""

    name: str
    text: str
    subtype: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail as it is sent: to one person, as plain text and as HTML, perhaps with files.

    `unsubscribe` is the address by which this kind of mail is switched off. `thread` names the
    mails that belong together, `number` counts this person's among them from 1.
    """

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str = ""
    thread: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a short mail says: a heading, sentences, perhaps one link to follow.

    `facts` are set beneath the sentences, each with its name: what is wrong, what to do. `small`
    stands below the link, such as how long it is valid.
    """

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    label: str = ""
    link: str = ""
    small: str = ""


def to_letter(notice: Notice, *, to: str, unsubscribe: str = "", kind: str = "") -> Letter:
    """Write a notice as plain text and as HTML; `kind` is what `unsubscribe` switches off."""
    return written(
        "notice", to=to, subject=notice.subject, unsubscribe=unsubscribe, kind=kind, notice=notice
    )


def written(
    template: str,
    *,
    to: str,
    subject: str,
    attachments: tuple[Attachment, ...] = (),
    unsubscribe: str = "",
    kind: str = "",
    **shown: Any,
) -> Letter:
    """Fill in `<template>.txt` and `<template>.html` of `shared/mail_templates`."""
    line = " ".join(subject.split())  # a line break in a subject would begin another header
    pages = {
        form: _templates()
        .get_template(f"{template}.{form}")
        .render(subject=line, unsubscribe=unsubscribe, kind=kind, **shown)
        for form in ("txt", "html")
    }
    return Letter(
        to=to,
        subject=line,
        text=pages["txt"],
        html=pages["html"],
        attachments=attachments,
        unsubscribe=unsubscribe,
    )


@dataclass(frozen=True, kw_only=True)
class Post:
    """Records mails for one account; `code` is the account's."""

    account_id: UUID
    code: str
    box: SecretBox

    def request(
        self,
        session: Session,
        letter: Letter,
        *,
        kind: str,
        about: str,
        once_for: str,
        now: datetime,
    ) -> UUID | None:
        """Have `letter` sent, in the caller's transaction; None when it was asked for already.

        `kind` and `about` (an id of ours) are what people see of it in the journal. For each
        `once_for` there is never a second mail of a kind.
        """
        event = NewEvent(
            account_id=self.account_id,
            name=MAIL_REQUESTED,
            subject=about,
            dedupe_key=f"{self.code}:mail:{kind}:{once_for}",
            payload={KIND: kind, SEALED: self.box.seal_mapping(_fields(letter))},
        )
        return record(session, event, now=now)


def letter_of(payload: Mapping[str, Any], box: SecretBox) -> Letter:
    """Open the letter of a mail that was asked for; raises ValueError when no key fits."""
    fields = box.open_mapping(str(payload[SEALED]))
    files, number = json.loads(fields.pop(ATTACHED, "[]")), fields.pop("number", "0")
    attachments = tuple(Attachment(**file) for file in files)
    return Letter(**fields, attachments=attachments, number=int(number))


def erase_letter(session: Session, event_id: UUID, kind: str) -> None:
    """Keep of a mail only what kind it was; the caller commits."""
    told = {KIND: kind, "erased": "once it was sent"}
    session.execute(update(EVENT).where(EVENT.c.id == event_id).values(payload=told))


def _fields(letter: Letter) -> dict[str, str]:
    return {
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        ATTACHED: json.dumps([asdict(file) for file in letter.attachments]),
        "unsubscribe": letter.unsubscribe,
        "thread": letter.thread,
        "number": str(letter.number),
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("shared", "mail_templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

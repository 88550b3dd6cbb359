"""Whether what was decided by an account's settings may still be written down.

A person may have saved other settings since they were read. Their saving locks the account's row
and so waits for whatever is being written, which it then finds; what comes later is judged anew.
"""

from typing import Final, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from shared.db.account_tables import Account
from shared.events import Event
from shared.journal.verdict import Retry
from shared.outcome import ANY_VERSION, Later, Skipped

R = TypeVar("R")

JUDGE_AGAIN: Final = Retry(
    after=0.0,
    counts=False,
    code="settings_changed",
    reason="The settings changed while this was judged; it is judged again.",
)


def present_version(session: Session, account_id: UUID) -> int:
    """Give the version of the settings; until the transaction ends nobody can save others."""
    found = select(Account.settings_version).where(Account.id == account_id)
    return session.exec(found.with_for_update(read=True)).one()


def as_it_stands(session: Session, event: Event, result: R) -> R | Retry:
    """Give `result` back, unless it was decided by settings that are no longer the present ones.

    A note that is skipped, or put off, waits for no cause: a setting that was saved before it is
    written would never find it.
    """
    if not isinstance(result, Skipped | Later) or result.settings_version == ANY_VERSION:
        return result
    present = present_version(session, event.account_id)
    return result if result.settings_version == present else JUDGE_AGAIN

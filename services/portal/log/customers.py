"""Filters as whoever asks may use them: by a customer, only who may see personal data.

What a person searches for is in the address and nowhere else: what is kept, such as a view or the
words of a bulk action, names no customer.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from services.portal.frame.access import Need, has_scope, may, viewer_account
from services.portal.log.wanted import Wanted
from services.portal.tokens.token import CUSTOMERS_SEARCH
from shared.db.portal_tables import NOTE_PERSON
from shared.notes.persons import PersonDigests

# What stands in the place of what was searched for.
A_CUSTOMER: Final = "a customer"

_P = NOTE_PERSON.c


class Customers:
    """Reads filters, with what leads to a customer's notes for those who may look for them."""

    def __init__(self, digests: PersonDigests) -> None:
        self._digests = digests

    def read(self, given: Mapping[str, str]) -> Wanted:
        """Read the address or a form."""
        return self.known_in(Wanted.read(given))

    def known_in(self, wanted: Wanted) -> Wanted:
        """Add to a filter by whom its text may find notes."""
        if not wanted.sought or not may_search():
            return wanted
        return replace(wanted, digests=self._digests.sought(viewer_account(), wanted.sought))


def may_search() -> bool:
    """Tell whether whoever asks may find notes by their customer.

    An operator or owner may see personal data; a token has to be made for it.
    """
    return may(Need.OPERATOR) or has_scope(CUSTOMERS_SEARCH)


def names_customer(session: Session, account_id: UUID, wanted: Wanted) -> bool:
    """Tell whether a filter's text is a customer's, which may be searched for and not be kept."""
    if "@" in wanted.text:
        return True
    mine = (_P.account_id == account_id, _P.digest.in_(wanted.digests))
    known = select(_P.note_id).where(*mine).limit(1)
    return bool(wanted.digests) and session.execute(known).first() is not None


def unnamed(session: Session, account_id: UUID, wanted: Wanted) -> Wanted:
    """Give a filter as it may be told and kept: without a customer's address or name."""
    is_one = names_customer(session, account_id, wanted)
    return replace(wanted, text=A_CUSTOMER) if is_one else wanted

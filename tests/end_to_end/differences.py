"""A person at the Reconciliation page of a running system, and what is listed there."""

import re

import requests
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from deploy.embedded.demo import EMAIL, PASSWORD
from deploy.embedded.smoke import reading
from shared.db.account_tables import Account
from shared.db.history_tables import Comparison
from shared.db.journal_tables import EventRow
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.db.portal_tables import Difference
from shared.events import RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.waiting import until

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
UNTIL = re.compile(r'name="until" value="([^"]+)"')
# Each look compares both lists from the beginning on, and more than one may be needed.
LOOKS_WITHIN = 1.5 * WITHIN
COMPARISONS = (RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED)


class Desk:
    """Compares, looks and asks for repairs as a merchant's person does."""

    def __init__(self, room: Room) -> None:
        """Log in."""
        self._room = room
        self._url = f"http://127.0.0.1:{room.run.ports.portal}"
        self._browser = requests.Session()
        self._send("/login", self._token("/login"), email=EMAIL, password=PASSWORD)

    def repair(self, kind: str, **answer: str) -> str:
        """Look at what is asked about all differences of a kind, and say yes."""
        asked = self._page(f"/reconciliation/{kind}/repair")
        found = UNTIL.search(asked)
        assert found is not None, asked
        path = "/reconciliation/decide" if answer else f"/reconciliation/{kind}/repair"
        return self._send(path, _token_of(asked), until=found.group(1), **answer)

    def compare(self) -> None:
        """Have both lists compared from the beginning on, and wait until that is done."""
        self._room.compare_orders()
        self._room.compare_notes()
        until(self._is_compared, within=WITHIN, what="both comparisons to end")

    def listed(self, kind: str) -> set[str]:
        """Give the subjects of the open differences of a kind."""
        with reading(self._room.run.environment) as session:
            of_kind = (Difference.kind == kind, col(Difference.ended_at).is_(None))
            return set(session.exec(select(Difference.subject).where(*of_kind)))

    def wait_for(self, kind: str, subject: str) -> None:
        """Compare until a difference is listed, and see it on the page."""

        def is_listed() -> bool:
            self.compare()
            return subject in self.listed(kind)

        until(is_listed, within=LOOKS_WITHIN, what=f"{kind} of {subject}")
        assert subject.partition(":")[0] in self._page(f"/reconciliation/{kind}")

    def wait_for_end(self, kind: str, subject: str) -> None:
        """Compare until a difference is listed no more."""

        def is_over() -> bool:
            self.compare()
            return subject not in self.listed(kind)

        until(is_over, within=LOOKS_WITHIN, what=f"the end of {kind} of {subject}")

    def last_summary(self, list_name: str) -> Comparison:
        """Read how the last comparison of a list ended."""
        with reading(self._room.run.environment) as session:
            newest = select(Comparison).where(Comparison.list_name == list_name)
            found = session.exec(newest.order_by(col(Comparison.compared_at).desc())).first()
        assert found is not None, list_name
        return found

    def _is_compared(self) -> bool:
        waiting = select(EventRow.id).where(
            col(EventRow.name).in_(COMPARISONS), col(EventRow.settled_at).is_(None)
        )
        with reading(self._room.run.environment) as session:
            return session.exec(waiting).first() is None

    def _token(self, path: str) -> str:
        return _token_of(self._page(path))

    def _page(self, path: str) -> str:
        return self._browser.get(f"{self._url}{path}", timeout=20).text

    def _send(self, path: str, token: str, **fields: str) -> str:
        sent = {"csrf_token": token, **fields}
        answer = self._browser.post(f"{self._url}{path}", data=sent, timeout=20)
        assert answer.ok, answer.text
        return answer.text


def forget_order(room: Room, note_id: int) -> None:
    """Have our tables know nothing of a note's order, as after a restored backup."""

    def lose(session: Session, _account: Account) -> None:
        session.execute(delete(OrderLink).where(col(OrderLink.note_id) == note_id))
        session.execute(
            update(SyncLogRow)
            .where(col(SyncLogRow.note_id) == note_id)
            .values(order_stage="skipped", shiphero_order_id="", synced_at=None)
        )

    room.write(lose)


def forget_shipment(room: Room, note_id: int) -> None:
    """Have our tables say that Brightpearl was told of no shipment."""

    def lose(session: Session, _account: Account) -> None:
        untold = {"shipment_stage": "", "parcels_told": "", "shipped_at": None, "tracking": ""}
        session.execute(
            update(SyncLogRow).where(col(SyncLogRow.note_id) == note_id).values(**untold)
        )

    room.write(lose)


def _token_of(page: str) -> str:
    token = TOKEN.search(page)
    assert token is not None, page
    return token.group(1)

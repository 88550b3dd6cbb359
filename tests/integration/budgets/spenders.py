"""Who spends of a budget in these tests: this process, its threads, and processes of their own."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from shared.budgets.book import BudgetBook
from shared.db.engine import open_engine, session_maker
from shared.db.vendor_tables import VendorBudget
from shared.errors import Throttled
from shared.vendors.calls import Allowance, Budget, Call, Reservation
from tests.integration.journal.books import MORNING, Books

ROOT = Path(__file__).parents[3]
BRIGHTPEARL, SHIPHERO = "brightpearl", "shiphero"
CALL = Call(
    vendor=BRIGHTPEARL,
    operation="read",
    status=200,
    request_id="ruid-1",
    started=MORNING,
    seconds=0.2,
    budget=Budget(),
)


def a_call(**budget: float | bool) -> Call:
    """Build a call whose answer told of a budget."""
    return replace(CALL, budget=Budget(**budget))  # type: ignore[arg-type]  # by field names


def take_all(allowance: Allowance, *, threads: int = 8, cost: int = 1) -> list[Reservation]:
    """Reserve from many threads, on the present lane, until the budget says no."""

    def take() -> list[Reservation]:
        reserved = []
        while True:
            try:
                reserved.append(allowance.reserve(cost))
            except Throttled:
                return reserved

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(copy_context().run, take) for _ in range(threads)]
    return [one for taken in running for one in taken.result()]


@dataclass
class Till:
    """One account's budgets at the time of its books, and short words for its steps."""

    books: Books

    def __post_init__(self) -> None:
        """Open the book; 100 % of a vendor's allowance is ours unless a test says otherwise."""
        self.book = BudgetBook(
            self.books.open_session, now=self.books.clock, share=lambda _account, _vendor: 100
        )

    def allowance(self, vendor: str = BRIGHTPEARL, account_id: UUID | None = None) -> Allowance:
        """Give an account's allowance at a vendor."""
        return self.book.allowance(account_id or self.books.account, vendor)

    def learn(self, left: int, *, account_id: UUID | None = None) -> None:
        """Make a call to Brightpearl whose answer tells that `left` are left for 60 seconds."""
        reservation = self.allowance(account_id=account_id).reserve(1)
        reservation.spent(a_call(left=left, resets_in=60.0))

    def opens_at(self, cost: int = 1, vendor: str = BRIGHTPEARL) -> datetime | None:
        """Ask for a call that is then not made; None when it might have been."""
        try:
            self.allowance(vendor).reserve(cost)
        except Throttled as throttled:
            return throttled.until
        return None

    def row(self, vendor: str = BRIGHTPEARL) -> VendorBudget:
        """Read the account's row."""
        with self.books.open_session() as session:
            return session.get_one(VendorBudget, (self.books.account, vendor))


class SpenderProcess:
    """A process that reserves all it gets when told to, and holds it."""

    def __init__(self, books: Books, account_id: UUID) -> None:
        """Start it; it is ready once `wait_until_ready` came back."""
        url = books.engine.url.render_as_string(hide_password=False)
        words = (url, str(account_id), books.clock().isoformat())
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        """Wait until it has opened the database."""
        assert self._read() == "ready"

    def begin(self) -> None:
        """Let it reserve."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def reserved(self) -> int:
        """Wait until it was told to come back later; give how many requests it may make."""
        return int(self._read())

    def kill(self) -> None:
        """End it by SIGKILL, with all that it holds."""
        self._process.kill()
        self._process.wait(timeout=10)

    def __enter__(self) -> Self:
        """Give it back."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main(url: str, account_id: str, now: str) -> None:
    """Reserve when told to by a line, tell how much it was, and hold it until the end."""
    time = datetime.fromisoformat(now)
    book = BudgetBook(
        session_maker(open_engine(url)), now=lambda: time, share=lambda _account, _vendor: 100
    )
    _say("ready")
    sys.stdin.readline()
    taken = take_all(book.allowance(UUID(account_id), BRIGHTPEARL))
    _say(str(len(taken)))
    sys.stdin.readline()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

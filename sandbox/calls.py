"""Counts what was asked of each vendor and what came of it; counts live as long as the process."""

import threading
from collections import Counter
from typing import Any

OVER_THE_LIMIT = "over the limit"
Key = tuple[str, str, str]


class CallBook:
    """How often each operation of each account was called, over HTTP and inside multi-messages.

    Beside the calls stand tallies by account: windows, calls over the limit, events, webhooks.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._requests: Counter[str] = Counter()
        self._tallies: Counter[Key] = Counter()

    def note(self, vendor: str, account: str, operation: str, *, is_request: bool = True) -> None:
        """Count one call; a message inside a multi-message is no request of its own."""
        with self._lock:
            self._counts[vendor, account, operation] += 1
            if is_request:
                self._requests[vendor] += 1

    def tally(self, account: str, what: str, name: str) -> None:
        """Count something else that happened to a Brightpearl account."""
        with self._lock:
            self._tallies[account, what, name] += 1

    def tallies(self, account: str, what: str) -> dict[str, int]:
        """Give what was tallied for an account under one heading, by name."""
        with self._lock:
            found = [(n, c) for (a, w, n), c in self._tallies.items() if (a, w) == (account, what)]
            return dict(sorted(found))

    def operations(self, vendor: str, account: str) -> dict[str, int]:
        """Give an account's calls by operation."""
        with self._lock:
            found = [(o, c) for (v, a, o), c in self._counts.items() if (v, a) == (vendor, account)]
            return dict(sorted(found))

    def reset(self, account: str | None = None) -> None:
        """Start counting afresh, for everyone or for one Brightpearl account."""
        with self._lock:
            if account is None:
                self._counts.clear()
                self._requests.clear()
                self._tallies.clear()
                return
            for counter in (self._counts, self._tallies):
                place = 1 if counter is self._counts else 0
                for key in [key for key in counter if key[place] == account]:
                    del counter[key]

    def as_json(self) -> dict[str, Any]:
        """Give `{"requests": {vendor: n}, "operations": {vendor: {account: {operation: n}}}}`."""
        with self._lock:
            operations: dict[str, dict[str, dict[str, int]]] = {}
            for (vendor, account, operation), count in sorted(self._counts.items()):
                operations.setdefault(vendor, {}).setdefault(account, {})[operation] = count
            return {"requests": dict(self._requests), "operations": operations}

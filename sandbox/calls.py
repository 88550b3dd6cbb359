"""Counts what was asked of each vendor; counts live as long as the process."""

import threading
from collections import Counter
from typing import Any


class CallBook:
    """How often each operation of each account was called, over HTTP and inside multi-messages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._requests: Counter[str] = Counter()

    def note(self, vendor: str, account: str, operation: str, *, is_request: bool = True) -> None:
        """Count one call; a message inside a multi-message is no request of its own."""
        with self._lock:
            self._counts[vendor, account, operation] += 1
            if is_request:
                self._requests[vendor] += 1

    def reset(self) -> None:
        """Start counting afresh."""
        with self._lock:
            self._counts.clear()
            self._requests.clear()

    def as_json(self) -> dict[str, Any]:
        """Give `{"requests": {vendor: n}, "operations": {vendor: {account: {operation: n}}}}`."""
        with self._lock:
            operations: dict[str, dict[str, dict[str, int]]] = {}
            for (vendor, account, operation), count in sorted(self._counts.items()):
                operations.setdefault(vendor, {}).setdefault(account, {})[operation] = count
            return {"requests": dict(self._requests), "operations": operations}

"""Documents in memory, written through to SQLite before anyone hears of the change."""

import bisect
import copy
import json
import math
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_TABLE = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""

# What is looked up by something else than its key, so that a lookup never walks ten thousand rows.
# What stands after an `@` in a kind is whose shelf it is: `bp_note@demo`.
_INDEXED: Mapping[str, tuple[str, ...]] = {
    "bp_note": ("order_id", "shipped_at"),
    "bp_drop_ship": ("order_id",),
    "bp_credential": ("account",),
    "bp_refresh": ("account",),
    "bp_product": ("sku",),
    "bp_order_note": ("order_id",),
    "sh_order": ("partner_order_id", "order_number", "fulfillment_status", "account"),
    "sh_shipment": ("order_id",),
    "sh_return": ("order_id",),
    "sh_product": ("sku",),
    "delivery": ("state",),
}
# What is looked up by a span of time.
_SORTED: Mapping[str, tuple[str, ...]] = {
    "sh_order": ("updated_at",),
    "bp_note": ("created_on", "shipped_on"),
    "bp_order": ("created_on", "updated_on"),
}


class Change:
    """One transaction: what it holds becomes visible and durable together, or not at all."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.staged: dict[tuple[str, str], Document | None] = {}

    def get(self, kind: str, key: object) -> Document | None:
        """Read a document as this change sees it; do not alter what you get."""
        place = (kind, str(key))
        return self.staged[place] if place in self.staged else self._store.get(kind, key)

    def edit(self, kind: str, key: object) -> Document:
        """Give a copy that may be altered and is kept when the change ends."""
        place = (kind, str(key))
        if place not in self.staged:
            found = self._store.get(kind, key)
            if found is None:
                raise KeyError(f"there is no {kind} {key}")
            self.staged[place] = copy.deepcopy(found)
        document = self.staged[place]
        assert document is not None
        return document

    def put(self, kind: str, key: object, document: Document) -> Document:
        """Keep a new document, or another one in the place of the old."""
        self.staged[kind, str(key)] = document
        return document

    def delete(self, kind: str, key: object) -> None:
        """Forget a document."""
        self.staged[kind, str(key)] = None

    def next_id(self, name: str, start: int = 1) -> int:
        """Count up a series of ids; ids are never used again."""
        counter = self.get("counter", name)
        number = start if counter is None else int(counter["value"]) + 1
        self.put("counter", name, {"value": number})
        return number


class Span:
    """Keys in the order of a number; the lock is held for moments only, never over a write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sorted: list[tuple[float, str]] = []

    def move(self, key: str, before: float | None, after: float | None) -> None:
        """Take a key from its old place to its new one."""
        with self._lock:
            if before is not None:
                del self._sorted[bisect.bisect_left(self._sorted, (before, key))]
            if after is not None:
                bisect.insort(self._sorted, (after, key))

    def keys_between(self, start: float, end: float) -> list[str]:
        """List the keys from `start` to `end`, both included."""
        with self._lock:
            first = bisect.bisect_left(self._sorted, (start, ""))
            last = bisect.bisect_left(self._sorted, (math.nextafter(end, math.inf), ""))
            return [key for _, key in self._sorted[first:last]]


class Store:
    """All state of the sandbox. Reads take no lock: a document is replaced, never altered."""

    def __init__(self, path: str | None = None) -> None:
        if path is not None:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._open: Change | None = None
        self._file = sqlite3.connect(path or ":memory:", check_same_thread=False)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        self._file.execute(_TABLE)
        self._file.commit()
        self._kinds: dict[str, dict[str, Document]] = defaultdict(dict)
        self._indexes: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        self._spans: dict[tuple[str, str], Span] = defaultdict(Span)
        self._watchers: dict[str, Callable[[Document], None]] = {}
        rows = self._file.execute("SELECT kind, key, body FROM document").fetchall()
        for kind, key, body in sorted(rows, key=lambda row: _by_number(row[1])):
            self._remember(kind, key, json.loads(body))

    def watch(self, kind: str, heard: Callable[[Document], None]) -> None:
        """Tell every document of a kind that is kept from now on, once it is kept."""
        self._watchers[kind] = heard

    def get(self, kind: str, key: object) -> Document | None:
        """Read one document; it must not be altered."""
        return self._kinds[kind].get(str(key))

    def all(self, kind: str) -> list[Document]:
        """Read all documents of a kind, oldest first."""
        return list(self._kinds[kind].values())

    def count(self, kind: str) -> int:
        """Count the documents of a kind."""
        return len(self._kinds[kind])

    def find(self, kind: str, field: str, value: object) -> list[Document]:
        """Read the documents whose indexed field has this value."""
        keys = list(self._indexes[kind, field, str(value)])
        found = (self._kinds[kind].get(key) for key in keys)
        return [document for document in found if document is not None]

    def between(self, kind: str, field: str, start: float, end: float) -> list[Document]:
        """Read the documents whose sorted field lies in this span, both ends included."""
        keys = self._spans[kind, field].keys_between(start, end)
        found = (self._kinds[kind].get(key) for key in keys)
        return [document for document in found if document is not None]

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Open a transaction; one inside another joins it."""
        with self._lock:
            if self._open is not None:
                yield self._open
                return
            change = self._open = Change(self)
            try:
                yield change
                self._write(change)
            finally:
                self._open = None

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._file.execute("DELETE FROM document")
            self._file.commit()
            self._kinds.clear()
            self._indexes.clear()
            self._spans.clear()

    def close(self) -> None:
        """Close the file; the store must not be used after."""
        with self._lock:
            self._file.close()

    def _write(self, change: Change) -> None:
        if not change.staged:
            return
        with self._file:
            self._file.executemany(
                "INSERT OR REPLACE INTO document VALUES (?, ?, ?)",
                [
                    (*at, json.dumps(document))
                    for at, document in change.staged.items()
                    if document is not None
                ],
            )
            self._file.executemany(
                "DELETE FROM document WHERE kind = ? AND key = ?",
                [at for at, document in change.staged.items() if document is None],
            )
        for (kind, key), document in change.staged.items():
            self._remember(kind, key, document)
            if document is not None and (heard := self._watchers.get(kind)):
                heard(document)

    def _remember(self, kind: str, key: str, document: Document | None) -> None:
        before = self._kinds[kind].get(key)
        plain = kind.partition("@")[0]
        for field in _INDEXED.get(plain, ()):
            left = None if before is None else str(before.get(field))
            joined = None if document is None else str(document.get(field))
            if left is not None and left != joined:
                self._indexes[kind, field, left].pop(key, None)
            if joined is not None and left != joined:
                self._indexes[kind, field, joined][key] = None
        for field in _SORTED.get(plain, ()):
            left = None if before is None else before[field]
            joined = None if document is None else document[field]
            self._spans[kind, field].move(key, left, joined)
        if document is None:
            self._kinds[kind].pop(key, None)
        else:
            self._kinds[kind][key] = document


def _by_number(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdecimal() else (0, key)

"""What was asked of a vendor and answered, as far as it may be read afterwards.

Only the operations about a note and its order are ever captured: a log-in, a token or a webhook's
secret path goes through others. What is written down is one note's part of it, marked where it is
personal, within bounds. See docs/decisions/0017.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from shared.vendors.exchange import Answer, Ask
from shared.vendors.personal import marked

KEPT: Final[Mapping[str, frozenset[str]]] = {
    "brightpearl": frozenset({
        "goods_out_notes", "goods_out_notes_of_order", "sales_orders", "order_notes",
        "add_order_note", "write_details", "add_shipped_event", "ship_notes",
    }),
    "shiphero": frozenset({"order", "orders", "order_create", "order_update", "order_cancel"}),
}  # fmt: skip
LARGEST_READ: Final = 4 * 1024 * 1024  # bytes; what is larger is not looked into
LARGEST_KEPT: Final = 4 * 1024  # bytes of one body as it is kept
ROOM: Final = 64 * 1024  # bytes of one attempt
LONGEST_PATH: Final = 160
CREDENTIAL: Final = 16  # characters; nothing shorter proves who we are

HELD_A_CREDENTIAL: Final = "(left out: it held a credential)"
NO_ROOM: Final = "(left out: this attempt's room for requests and answers is used up)"
NOT_OURS: Final = "(left out: read together with other notes, and this one's part was not found)"


@dataclass(frozen=True, kw_only=True, eq=False)
class Exchange:
    """One request and its answer; bodies are read when somebody wants them, at most once."""

    operation: str
    method: str
    path: str
    asked: bytes | None = field(default=None, repr=False)
    answered: bytes | None = field(default=None, repr=False)
    without: str = ""  # why the bodies are left out

    @cached_property
    def question(self) -> Any:
        """What was asked, as JSON; ShipHero's document is the operation's and left out."""
        read = self.without or _read(self.asked)
        if isinstance(read, dict) and "variables" in read:
            return read["variables"]
        return read

    @cached_property
    def answer(self) -> Any:
        """What was answered, as JSON; None when no answer came."""
        return self.without or _read(self.answered)


def captured(vendor: str, ask: Ask, answer: Answer | None) -> Exchange | None:
    """Capture an exchange of an operation that may be kept; `ask` has its credentials."""
    if ask.operation not in KEPT.get(vendor, ()):
        return None
    bodies = (ask.body or b"", answer.body if answer else b"")
    leaks = any(proof in body for proof in _credentials(ask) for body in bodies)
    return Exchange(
        operation=ask.operation,
        method=ask.method,
        path=_short(urlsplit(ask.url).path, LONGEST_PATH),
        asked=ask.body,
        answered=answer.body if answer else None,
        without=HELD_A_CREDENTIAL if leaks else "",
    )


class Keeping:
    """Writes down the exchanges of one attempt in their order, of each the note's own part."""

    def __init__(self, note_id: str) -> None:
        self._ids = {note_id}  # the note's, and its sales order's once it was seen
        self._label = f"-{note_id}"
        self._room = ROOM

    def keep(self, exchange: Exchange) -> dict[str, Any]:
        """Give the exchange as it is kept."""
        narrow = _NARROWED.get(exchange.operation, _whole)
        asked, _ = narrow(self, exchange.question)
        answered, sharers = narrow(self, exchange.answer)
        kept = {
            "method": exchange.method,
            "path": exchange.path,
            "asked": bounded(_marked(asked)),
            "answered": bounded(_marked(answered)),
            "sharers": sharers,
        }
        size = len(json.dumps(kept))
        if size > self._room:
            return {**kept, "asked": NO_ROOM, "answered": NO_ROOM}
        self._room -= size
        return kept

    def _of_map(self, told: Any) -> tuple[Any, int]:
        """Pick the note out of Brightpearl's map by note id."""
        parts = told.get("response") if isinstance(told, dict) else None
        if not isinstance(parts, dict) or not parts:
            return told, 1
        own = {key: part for key, part in parts.items() if key in self._ids}
        for part in own.values():
            if isinstance(part, dict) and part.get("orderId"):
                self._ids.add(str(part["orderId"]))
        return ({"response": own} if own else NOT_OURS), len(parts)

    def _of_list(self, told: Any) -> tuple[Any, int]:
        """Pick the note's sales order out of a list."""
        parts = told.get("response") if isinstance(told, dict) else None
        if not isinstance(parts, list) or not parts:
            return told, 1
        own = [one for one in parts if isinstance(one, dict) and str(one.get("id")) in self._ids]
        return ({"response": own} if own else NOT_OURS), len(parts)

    def _of_batch(self, told: Any) -> tuple[Any, int]:
        """Pick the note's messages out of a batch, or out of its answer."""
        if not isinstance(told, dict):
            return told, 1
        within = told.get("response", told)
        if not isinstance(within, dict):
            return told, 1
        own = {name: self._labelled(part) for name, part in within.items()}
        labels = {_label(one) for part in within.values() if isinstance(part, list) for one in part}
        notes = {label.partition("-")[2] for label in labels}
        return ({"response": own} if "response" in told else own), max(1, len(notes))

    def _labelled(self, part: Any) -> Any:
        if not isinstance(part, list):
            return part
        return [one for one in part if _label(one).endswith(self._label)]


def bounded(value: Any, most: int = LARGEST_KEPT) -> Any:
    """Give JSON that is written in at most `most` bytes: of long lists the beginning."""
    for longest in (None, 20, 5, 1):
        cut = value if longest is None else _cut(value, longest)
        size = len(json.dumps(cut))
        if size <= most:
            return cut
    return f"(left out: {size:,} bytes)"


def _cut(value: Any, longest: int) -> Any:
    match value:
        case dict():
            return {key: _cut(one, longest) for key, one in value.items()}
        case list() if len(value) > longest:
            rest = f"(and {len(value) - longest} more)"
            return [*(_cut(one, longest) for one in value[:longest]), rest]
        case list():
            return [_cut(one, longest) for one in value]
        case _:
            return value


def _whole(_keeping: Keeping, told: Any) -> tuple[Any, int]:
    return told, 1


_NARROWED: Final[Mapping[str, Callable[[Keeping, Any], tuple[Any, int]]]] = {
    "goods_out_notes": Keeping._of_map,  # noqa: SLF001 - its own steps, by operation
    "goods_out_notes_of_order": Keeping._of_map,  # noqa: SLF001 - as above
    "sales_orders": Keeping._of_list,  # noqa: SLF001 - as above
    "ship_notes": Keeping._of_batch,  # noqa: SLF001 - as above
}


def _label(message: Any) -> str:
    return str(message.get("label", "") if isinstance(message, dict) else message)


def _credentials(ask: Ask) -> list[bytes]:
    proofs = [value.rpartition(" ")[2] for value in ask.headers.values()]
    return [proof.encode() for proof in proofs if len(proof) >= CREDENTIAL and "/" not in proof]


def _read(body: bytes | None) -> Any:
    if not body:
        return None
    if len(body) > LARGEST_READ:
        return f"(left out: {len(body):,} bytes)"
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    return read if isinstance(read, dict | list) else f"({len(body):,} bytes that are no JSON)"


def _marked(told: Any) -> Any:
    # A text in the place of a body is our own: why it was left out.
    return told if isinstance(told, str) else marked(told)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"

"""Trouble made on purpose: a call answered wrongly, late or never."""

import random
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

KINDS = (
    "status",
    "drop_before",
    "drop_after",
    "delay",
    "unexpected_error",
    "html_502",
    "empty",
    "throttled",
)
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"


@dataclass
class Fault:
    """One kind of trouble for one operation, as often as `times` says."""

    id: int
    vendor: str
    operation: str
    kind: str
    status: int = 500
    body: Any = None
    seconds: float = 0.0
    times: int = 1
    probability: float = 1.0
    after_effect: bool = False

    def strikes_after(self) -> bool:
        """Whether the call has its effect and only the answer goes wrong."""
        return self.kind == "drop_after" or self.after_effect


class FaultBoard:
    """The faults that are waiting for a call; they live as long as the process."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._last_id = 0

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Keep a fault; a ValueError or TypeError says what is wrong with it."""
        if wanted.get("vendor") not in {"brightpearl", "shiphero"}:
            raise ValueError("A fault's vendor is brightpearl or shiphero.")
        if wanted.get("kind") not in KINDS:
            raise ValueError(f"A fault's kind is one of {', '.join(KINDS)}.")
        with self._lock:
            self._last_id += 1
            fault = Fault(**{"operation": "*", **wanted, "id": self._last_id})
            self._waiting.append(fault)
            return fault

    def take(self, vendor: str, operations: Iterable[str]) -> Fault | None:
        """Give the first fault that strikes a call with any of these names, and count it off."""
        names = {*operations, "*"}
        with self._lock:
            for fault in self._waiting:
                if fault.vendor != vendor or fault.operation not in names:
                    continue
                if self._dice.random() >= fault.probability:
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def remove(self, fault_id: int | None = None) -> None:
        """Take back one fault, or all."""
        with self._lock:
            self._waiting = [f for f in self._waiting if fault_id is not None and f.id != fault_id]

    def as_json(self) -> list[dict[str, Any]]:
        """List the waiting faults."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

"""Trouble made on purpose: a call answered wrongly, late or never."""

import random
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.brightpearl.fault_kinds import BRIGHTPEARL_FAULTS
from sandbox.shiphero.fault_kinds import SHIPHERO_FAULTS
from sandbox.turnable import FaultKind

# Walked by the README's test: what each vendor can be told to do wrong.
FAULTS: Mapping[str, tuple[FaultKind, ...]] = {
    "brightpearl": BRIGHTPEARL_FAULTS,
    "shiphero": SHIPHERO_FAULTS,
}
EVERYONE = "*"
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"


@dataclass
class Fault:
    """One kind of trouble for one operation of one account, as often as `times` says."""

    id: int
    vendor: str
    operation: str
    kind: str
    account: str = EVERYONE
    status: int = 500
    body: Any = None
    seconds: float = 0.0
    times: int = 1
    probability: float = 1.0
    after_effect: bool = False
    part: int = 1

    def strikes_after(self) -> bool:
        """Whether the call has its effect and only the answer goes wrong."""
        return self.kind == "drop_after" or self.after_effect

    def is_for(self, vendor: str, names: Collection[str], account: str | None) -> bool:
        """Tell whether it strikes a call with one of these names, of this account."""
        is_near = self.vendor == vendor and self.account in (EVERYONE, account)
        return is_near and self.operation in names


class FaultBoard:
    """The faults that are waiting for a call; they live as long as the process."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._last_id = 0

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Keep a fault; a ValueError or TypeError says what is wrong with it."""
        if wanted.get("vendor") not in FAULTS:
            raise ValueError("A fault's vendor is brightpearl or shiphero.")
        kinds = [kind.name for kind in FAULTS[wanted["vendor"]]]
        if wanted.get("kind") not in kinds:
            raise ValueError(f"A fault's kind is one of {', '.join(kinds)}.")
        with self._lock:
            self._last_id += 1
            account = str(wanted.get("account", EVERYONE))
            fault = Fault(**{"operation": "*", **wanted, "account": account, "id": self._last_id})
            self._waiting.append(fault)
            return fault

    def take(
        self,
        vendor: str,
        operations: Iterable[str],
        *,
        account: str | None = None,
        is_named: bool = False,
        of: frozenset[str] | None = None,
        but: frozenset[str] = frozenset(),
    ) -> Fault | None:
        """Give the first fault that strikes a call with any of these names, and count it off.

        With `is_named` a fault for any operation passes by; `of` and `but` are kinds that can
        strike here and kinds that cannot.
        """
        if not self._waiting:
            return None
        names = {*operations} if is_named else {*operations, "*"}
        with self._lock:
            for fault in self._waiting:
                can_strike = fault.kind not in but and (of is None or fault.kind in of)
                if not can_strike or not fault.is_for(vendor, names, account):
                    continue
                if self._dice.random() < fault.probability:
                    self._count_off(fault)
                    return fault
        return None

    def _count_off(self, fault: Fault) -> None:
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)

    def remove(self, fault_id: int | None = None) -> None:
        """Take back one fault, or all."""
        with self._lock:
            self._waiting = [f for f in self._waiting if fault_id is not None and f.id != fault_id]

    def as_json(self) -> list[dict[str, Any]]:
        """List the waiting faults."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

"""Steps on one budget that wait at the same moment are taken in one transaction.

A busy account's threads would otherwise queue for the budget's row one commit after the other, each
with a connection in its hand: that queue, not the vendor, would say how many notes a minute.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.errors import OurTrouble

K = TypeVar("K")
S = TypeVar("S")

# Takes all steps in one transaction, in their order; gives what came of each.
TakeAll = Callable[[K, Sequence[S]], Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class _Waiting(Generic[S]):
    step: S
    came: Future[Any] = field(default_factory=Future)


class Together(Generic[K, S]):
    """Takes steps, together those that wait while another is taken; shared by threads."""

    def __init__(self, take_all: TakeAll[K, S]) -> None:
        self._take_all = take_all
        self._guard = threading.Lock()
        self._turns: dict[K, threading.Lock] = {}
        self._waiting: dict[K, list[_Waiting[S]]] = {}

    def take(self, key: K, step: S) -> Any:
        """Take `step` on what `key` names; gives what came of it, or raises its error."""
        mine = _Waiting(step=step)
        with self._guard:
            turn = self._turns.setdefault(key, threading.Lock())
            self._waiting.setdefault(key, []).append(mine)
        with turn:
            # Whoever had the turn before may have taken this step along.
            if not mine.came.done():
                with self._guard:
                    together = self._waiting.pop(key)
                self._answer(key, together)
        return mine.came.result()

    def _answer(self, key: K, together: Sequence[_Waiting[S]]) -> None:
        try:
            came = self._take_all(key, [one.step for one in together])
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that asked
            if len(together) > 1 and not isinstance(error, OurTrouble):
                # One of them cannot be taken: it must not fail the others.
                for one in together:
                    self._answer(key, [one])
                return
            for one in together:
                one.came.set_exception(error)
            return
        for one, result in zip(together, came, strict=True):
            one.came.set_result(result)

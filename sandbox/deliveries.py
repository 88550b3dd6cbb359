"""Sends the vendors' webhooks and tries again as each vendor would; nothing is lost by a crash."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import requests

from sandbox.agenda import Agenda
from sandbox.clock import Clock
from sandbox.store import Change, Document, Store
from sandbox.switches import SwitchBoard

TIME_LIMIT = 10.0  # ShipHero documents 10 s; Brightpearl's is unknown, the same is played
SENDERS = 16
_LONGEST_PAUSE = 60.0
_IDLE = 5.0  # seconds after which the planner looks again by itself

Promise = Literal["qos0", "qos1", "shiphero"]


def wants_retry(promise: str, status: int | None) -> bool:
    """Tell whether a vendor tries again after this answer; None is no answer at all.

    Brightpearl: QoS 0 only on 503, QoS 1 always but on 4xx (contract section 13).
    ShipHero: whatever is not 200 (contract section 10).
    """
    if promise == "qos0":
        return status == 503  # noqa: PLR2004 - the contract's number
    if promise == "qos1":
        return status is None or not (200 <= status < 300 or 400 <= status < 500)  # noqa: PLR2004
    return status != 200  # noqa: PLR2004


def is_delivered(promise: str, status: int | None) -> bool:
    """Tell whether the vendor takes this answer for a success."""
    if promise == "shiphero":
        return status == 200  # noqa: PLR2004
    return status is not None and 200 <= status < 300  # noqa: PLR2004


def pause_after(attempt: int) -> float:
    """Give the seconds until the next try: 1, 2, 4 ... 60; the vendors' spacing is unknown."""
    return float(min(2.0 ** (attempt - 1), _LONGEST_PAUSE))


@dataclass(frozen=True)
class Terms:
    """How one vendor sends, beyond what all do.

    `headers` gives those of this try, None discards the delivery; `pause` the seconds after a
    failed try; `settled` hears of every try within the change that keeps it.
    """

    headers: Callable[[Document], dict[str, str] | None]
    pause: Callable[[int], float]
    settled: Callable[[Change, Document], None]


class Deliveries:
    """The queue of webhooks to send: kept with the change that caused them, sent by threads."""

    def __init__(self, store: Store, clock: Clock, switches: SwitchBoard) -> None:
        self._store = store
        self._clock = clock
        self._switches = switches
        self._wake = threading.Condition()
        self._stopped = False
        self._sending: set[int] = set()
        self._agenda = Agenda()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        self._sessions = threading.local()
        self.terms: dict[str, Terms] = {}
        self._planner = threading.Thread(target=self._plan, name="deliveries", daemon=True)
        store.watch("delivery", self._heard)

    def start(self) -> None:
        """Begin to send, what an earlier run left included."""
        for delivery in self._store.find("delivery", "state", "pending"):
            self._heard(delivery)
        self._planner.start()

    def stop(self) -> None:
        """Stop sending; what is unsent stays kept."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self._senders.shutdown(wait=False, cancel_futures=True)

    def keep(self, change: Change, *, promise: Promise, name: str, **request: Any) -> Document:
        """Keep a webhook to send: `url`, `method`, `headers`, `body`, `subjects`."""
        number = change.next_id("delivery")
        document = {
            "id": number,
            "promise": promise,
            "name": name,
            "state": "pending",
            "attempts": 0,
            "kept_at": self._clock.now(),
            "due_at": self._clock.now(),
            "delivered_at": None,
            "last_status": None,
            "last_error": None,
            **request,
        }
        return change.put("delivery", number, document)

    def nudge(self) -> None:
        """Look for due webhooks at once; call it after the change is kept."""
        with self._wake:
            self._wake.notify_all()

    def _plan(self) -> None:
        while not self._stopped:
            with self._wake:
                self._wake.wait(timeout=self._until_next())
                due = self._due()
                self._sending.update(due)
            for number in due:
                with suppress(RuntimeError):  # the pool is shut down when we stop
                    self._senders.submit(self._send, number)

    def _heard(self, delivery: Document) -> None:
        """Take note of a delivery that was kept, in whichever state."""
        if delivery["state"] == "pending":
            with self._wake:
                self._agenda.add(delivery["due_at"], int(delivery["id"]))

    def _due(self) -> list[int]:
        now = self._clock.now()
        return self._agenda.take_due(now, busy=self._sending, stands=self._stands)

    def _stands(self, number: int, at: float) -> bool:
        delivery = self._store.get("delivery", number)
        return delivery is not None and delivery["due_at"] == at

    def _until_next(self) -> float:
        at = self._agenda.next_at()
        return _IDLE if at is None else min(_IDLE, max(0.0, at - self._clock.now()))

    def _send(self, number: int) -> None:
        try:
            delivery = self._store.get("delivery", number)
            if delivery is not None and delivery["state"] == "pending":
                terms = self.terms.get(delivery["promise"])
                headers = delivery["headers"] if terms is None else terms.headers(delivery)
                if headers is None:
                    self._discard(number, terms)
                else:
                    self._settle(number, *self._post(delivery, headers))
        finally:
            with self._wake:
                self._sending.discard(number)
                self._wake.notify_all()

    def _discard(self, number: int, terms: Terms | None) -> None:
        """Drop what a vendor no longer wants sent."""
        with self._store.change() as change:
            if change.get("delivery", number) is None:
                return
            delivery = change.edit("delivery", number)
            delivery["state"] = "discarded"
            if terms is not None:
                terms.settled(change, delivery)

    def _post(self, delivery: Document, headers: dict[str, str]) -> tuple[int | None, str | None]:
        try:
            answer = self._session().request(
                delivery["method"],
                delivery["url"],
                data=None if delivery["body"] is None else delivery["body"].encode(),
                headers=headers,
                timeout=TIME_LIMIT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return None, type(error).__name__
        return answer.status_code, None

    def _session(self) -> requests.Session:
        if not hasattr(self._sessions, "open"):
            self._sessions.open = requests.Session()
            self._sessions.open.trust_env = False
        session: requests.Session = self._sessions.open
        return session

    def _settle(self, number: int, status: int | None, error: str | None) -> None:
        with self._store.change() as change:
            if change.get("delivery", number) is None:
                return
            delivery = change.edit("delivery", number)
            delivery["attempts"] += 1
            delivery["last_status"], delivery["last_error"] = status, error
            now, terms = self._clock.now(), self.terms.get(delivery["promise"])
            if is_delivered(delivery["promise"], status):
                delivery["state"], delivery["delivered_at"] = "delivered", now
            elif wants_retry(delivery["promise"], status) and self._may_retry(delivery):
                pause = pause_after if terms is None else terms.pause
                delivery["due_at"] = now + self._clock.scaled(pause(delivery["attempts"]))
            else:
                delivery["state"] = "given_up"
            if terms is not None:
                terms.settled(change, delivery)

    def _may_retry(self, delivery: Document) -> bool:
        most = self._switches.now.webhook_retries
        return bool(delivery["promise"] != "shiphero" or delivery["attempts"] <= most)

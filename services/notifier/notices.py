"""A notice was asked for: tell it to its destination, once, and say how that went."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlmodel import select

from services.notifier.notice_forms import body_of
from shared.clock import Now, Pace
from shared.db.account_tables import Account
from shared.db.destination_tables import Destination
from shared.db.engine import OpenSession, our_trouble
from shared.destinations import TEST, WEBHOOK, Told, told_by
from shared.egress.address import AddressRefused, target_of
from shared.egress.sending import Answer, Egress, NoAnswer
from shared.errors import Permanent, Transient
from shared.events import Event
from shared.messaging.units import Unit
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.secrets import SecretBox
from shared.standard_webhooks import signed_headers
from shared.vendors.calls import Budget, Call, note

OK_FROM, OK_TO, MOVED, GONE = 200, 300, 300, 410
CLIENT_AT_FAULT: Final = 400
# Seconds; a receiver may ask for peace, but not for ever.
LONGEST_PEACE: Final = 86_400.0
# Seconds of our pace between attempts at a destination that fails, whichever notice they are for;
# not longer than the pause before a second attempt.
REST: Final = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Way:
    """One destination as it stands now, and the code of its account."""

    row: Destination
    account: str


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells notices: reads where to, opens the secrets, sends."""

    open_reading: OpenSession
    box: SecretBox
    egress: Egress
    now: Now
    pace: Pace

    def units(self, events: Sequence[Event]) -> Iterable[Unit]:
        """Give each notice a unit of its own: a destination that is away stops no other."""
        return [Unit(events=(event,), run=partial(self.tell, event)) for event in events]

    def tell(self, event: Event) -> Outcome:
        """Send one notice, unless its destination is gone, switched off or forbidden."""
        told = told_by(event.payload)
        way = self._way(event)
        if way is None:
            return Skipped(code="destination_removed", reason="The destination was removed.")
        if way.row.off_since is not None and told.kind != TEST:
            reason = f"The destination {way.row.name} is switched off."
            return Skipped(code="destination_off", reason=reason)
        if self._rests(way.row) and told.kind != TEST:
            reason = f"{way.row.name} did not take the last one; it gets a moment's rest."
            return Busy(reason=reason, after=REST)
        try:
            return _outcome(self._sent(event, told, way), told, way.row.name)
        except (Permanent, Transient) as error:
            if told.kind != TEST:
                raise
            # A person waits for it now; tomorrow it means nothing.
            return Skipped(code="test_not_taken", reason=str(error))

    def _rests(self, row: Destination) -> bool:
        """Tell whether another notice failed there just now.

        One that hangs would else hold a thread for every notice that waits.
        """
        if row.failing_since is None or row.told_at is None:
            return False
        return self.now() < row.told_at + self.pace.after(REST)

    def _way(self, event: Event) -> Way | None:
        with our_trouble(), self.open_reading() as session:
            found = session.exec(
                select(Destination, Account.code)
                .join(Account)
                .where(
                    Destination.account_id == event.account_id,
                    Destination.id == UUID(event.subject),
                )
            ).one_or_none()
        return None if found is None else Way(row=found[0], account=found[1])

    def _sent(self, event: Event, told: Told, way: Way) -> Answer | str:
        """Send it; gives a sentence instead of an answer where nobody answered."""
        row, now = way.row, self.now()
        try:
            address = self.box.open(row.address)
            keys = [self.box.open(key) for key in _keys(row, now)]
        except ValueError as error:
            raise Permanent(
                f"The address of {row.name} was encrypted with a key that is not in SECRET_KEYS "
                "any more.",
                code="destination_unreadable",
            ) from error
        body = body_of(row.way, told, account=way.account, at=event.recorded_at)
        headers = {"Content-Type": "application/json", "User-Agent": "Goodsout"}
        if row.way == WEBHOOK:
            headers |= signed_headers(body, message=told.message, at=now, secret_texts=keys)
        begun = time.monotonic()
        answer: Answer | str
        try:
            answer = self.egress.post(target_of(address, self.egress.rules), body, headers)
        except AddressRefused as refused:
            raise Permanent(
                f"Nothing was sent to {row.name}: {refused}", code="destination_refused"
            ) from refused
        except NoAnswer as trouble:
            answer = str(trouble)
        _note(row.way, answer, now, seconds=time.monotonic() - begun)
        log.info("notice.sent", kind=told.kind, subject=event.subject,
                 status=answer.status if isinstance(answer, Answer) else None)  # fmt: skip
        return answer


def _keys(row: Destination, now: datetime) -> list[str]:
    if row.way != WEBHOOK:
        return []
    is_old_good = row.old_secret and row.old_secret_until is not None and row.old_secret_until > now
    return [row.secret, row.old_secret] if is_old_good else [row.secret]


def _outcome(answer: Answer | str, told: Told, name: str) -> Outcome:
    if isinstance(answer, Answer):
        if OK_FROM <= answer.status < OK_TO:
            return Delivered(
                reference=told.message,
                summary=f"{name} took it with {answer.status} after {answer.seconds:.1f} s.",
            )
        if answer.status == GONE and told.kind != TEST:
            return Skipped(
                code="destination_gone",
                reason=f"{name} answered 410, which says that nothing is wanted there any more.",
            )
    peace = _peace(answer.retry_after) if isinstance(answer, Answer) else None
    raise Transient(_sentence(answer, name), retry_after=peace, code="destination_trouble")


def _sentence(answer: Answer | str, name: str) -> str:
    if isinstance(answer, str):
        return f"{name} did not take it: {answer}."
    if MOVED <= answer.status < CLIENT_AT_FAULT:
        return (
            f"{name} answered {answer.status}: a redirect, which is never followed. Enter the "
            "address that it leads to."
        )
    said = f": {answer.excerpt}" if answer.excerpt else "."
    return f"{name} answered {answer.status}{said}"


def _peace(retry_after: str) -> float | None:
    """Read a Retry-After in seconds; one that names a date is left to our own schedule."""
    if not retry_after.isdecimal():
        return None
    return min(float(retry_after[:9]), LONGEST_PEACE)


def _note(way: str, answer: Answer | str, started: datetime, *, seconds: float) -> None:
    status = answer.status if isinstance(answer, Answer) else None
    note(
        Call(
            vendor="destination",
            operation=way,
            status=status,
            request_id="",
            started=started,
            seconds=seconds,
            budget=Budget(),
        )
    )

"""What a vendor itself said of the call that failed last, word for word; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.portal.log.calls import VendorCall, calls_of
from services.portal.log.note_story import NoteStory
from shared.db.journal_tables import AttemptRow
from shared.journal.exchanges import Kept
from shared.vendors.personal import masked

SAYINGS_AT_MOST: Final = 5

Exchanges = Mapping[tuple[UUID, int], Sequence[Kept | None]]


@dataclass(frozen=True, kw_only=True)
class VendorWords:
    """The call, and what its answer said was wrong: codes and words, "" where there is none."""

    call: VendorCall
    said: Sequence[tuple[str, str]]

    @property
    def text(self) -> str:
        """Write it all in lines, to be copied into a letter to the vendor's support."""
        first = f"{self.call.vendor} {self.call.operation}: {self.call.status}"
        lines = (" ".join(filter(None, pair)) for pair in self.said)
        return "\n".join([first, f"request id {self.call.request_id}", *lines])


def failing_attempt(story: NoteStory) -> AttemptRow | None:
    """Give the last attempt, if a vendor was asked in it and its last call failed."""
    asked = [one for one in story.attempts if one.vendor_calls]
    last = asked[-1] if asked else None
    return last if last and calls_of(last.vendor_calls)[-1].failed else None


def vendor_words(attempt: AttemptRow | None, exchanges: Exchanges) -> VendorWords | None:
    """Read what was said, personal data as initials; None where no call of a vendor failed."""
    if attempt is None:
        return None
    kept = exchanges.get((attempt.event_id, attempt.number), ())
    answered = kept[-1] if len(kept) == len(attempt.vendor_calls) else None
    said = _sayings(masked((answered or {}).get("answered")))
    return VendorWords(call=calls_of(attempt.vendor_calls)[-1], said=list(said)[:SAYINGS_AT_MOST])


def _sayings(answered: Any) -> Iterator[tuple[str, str]]:
    """Find each error: both vendors give them a message, most of them a code."""
    match answered:
        case {"message": str(message), **rest}:
            yield (
                str(rest.get("code") or rest.get("errorCode") or rest.get("error_code") or ""),
                (message),
            )
        case Mapping():
            for one in answered.values():
                yield from _sayings(one)
        case list():
            for one in answered:
                yield from _sayings(one)

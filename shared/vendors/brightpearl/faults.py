"""Brightpearl's status codes and fault numbers as our errors; pure (contract §14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
    VendorTrace,
)
from shared.vendors.exchange import Answer, Effect
from shared.vendors.wording import without_personal_data

REASONS: Mapping[str, str] = {
    "brightpearl_trouble": "Brightpearl had trouble of its own; it is tried again by itself.",
    "brightpearl_outcome_unknown": "Brightpearl did not say whether it happened; we look.",
    "brightpearl_forbidden": "Brightpearl does not allow this; check the app's permissions.",
    "brightpearl_refused": "Brightpearl refused the request; its own words say why.",
    "brightpearl_bad_request": "Brightpearl could not read our request; tell the operator.",
    "brightpearl_unreadable": "Brightpearl's answer could not be read; it is tried again.",
    "request_too_long": "The address of a single record was too long; tell the operator.",
    "already_there": "Brightpearl says this was done before; the note is read and compared.",
    "note_version_moved": "The note changed meanwhile; it is read and compared.",
    "note_gone": "Brightpearl no longer knows this record; it is looked up once more.",
}

UNTIL_NEXT_WINDOW = 60.0  # seconds; windows are of one minute (contract §4)
THROTTLE_TEXT = "too many requests"  # the 503 of the budget; other 503s exist (contract §4)
OUR_FAULT = frozenset({"CMNC-018", "CMNC-044"})  # sent with status 500 (contract §14)
ALREADY_THERE = frozenset({"WHSB-061"})  # a goods-out event that is there (contract §7b)
NOTHING_THERE = "CMNC-404"
# Texts seen without a known code (contract §7b).
SHIPPED_TEXT = "has been shipped"
INVALID_NOTE_TEXT = "invalid goods-out note id"


class ReadAgain(Permanent):
    """A write met another state than expected: read the record again and compare."""


class AlreadyThere(ReadAgain):
    """The event or change is there already, or the note is shipped and takes none."""

    default_code = "already_there"


class VersionMoved(ReadAgain):
    """`If-Match` named an older version than the present one."""

    default_code = "note_version_moved"


class NoteGone(ReadAgain):
    """The record written to is not there (any more)."""

    default_code = "note_gone"


class RequestTooLong(Permanent):
    """The address held too many ids; with smaller chunks it can work."""

    default_code = "request_too_long"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a fault is judged by beside the answer: `now` zoned, `jitter` seconds to add."""

    operation: str
    effect: Effect
    now: datetime
    jitter: float = 0.0
    trace: VendorTrace = field(default_factory=VendorTrace)


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What the body of a fault says; a 401's is never looked at."""

    codes: tuple[str, ...] = ()
    text: str = ""
    structured: bool = False


def fault(answer: Answer, asked: Asked) -> GoodsoutError | None:
    """Judge an answer; None when it succeeded.

    A 404 with CMNC-404 on a read is None too: nothing is there (contract §5).
    """
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        return None
    if answer.status == 401:  # noqa: PLR2004
        # The body repeats the token that was sent (contract §3): it is not read at all.
        return ConnectionBroken(
            f"Brightpearl refused the credentials ({asked.operation}); reconnect the account.",
            vendor="brightpearl",
            version=answer.credentials_version,
            trace=asked.trace,
        )
    words = _words(answer)
    if answer.status == 404 and NOTHING_THERE in words.codes and asked.effect is Effect.READ:  # noqa: PLR2004
        return None
    return _judge(answer, words, asked)


def unclear(asked: Asked, what: str, code: str = "brightpearl_trouble") -> GoodsoutError:
    """Judge an answer that proves nothing: harmless where a repeat is, else to be looked up."""
    sentence = f"Brightpearl ({asked.operation}): {what}"
    if asked.effect.safe_to_repeat:
        return Transient(f"{sentence}; it is tried again.", code=code, trace=asked.trace)
    return UnknownOutcome(
        f"{sentence}; we look whether it happened.",
        code="brightpearl_outcome_unknown",
        trace=asked.trace,
    )


def _judge(answer: Answer, words: _Words, asked: Asked) -> GoodsoutError:
    status = answer.status
    if _is_throttle(status, words):
        return _throttled(answer, asked)
    if OUR_FAULT.intersection(words.codes):
        return _permanent(Permanent, words, asked, code="brightpearl_bad_request")
    if asked.effect is not Effect.READ:
        again = _read_again(status, words)
        if again is not None:
            return _permanent(again, words, asked, code="")
    if status == 414:  # noqa: PLR2004 - met with big lists of ids (contract §4)
        return _permanent(RequestTooLong, words, asked, code="")
    if status == 403:  # noqa: PLR2004 - its shape is not known (contract §17.10)
        return _permanent(Permanent, words, asked, code="brightpearl_forbidden")
    if 400 <= status < 500 and status not in {408, 425} and words.structured:  # noqa: PLR2004
        return _permanent(Permanent, words, asked, code="brightpearl_refused")
    return unclear(asked, f"status {status}{_quoted(words)}")


def is_throttle(answer: Answer) -> bool:
    """Tell whether an answer only says that too much was asked."""
    return _is_throttle(answer.status, _words(answer)) if answer.status in {429, 503} else False


def _is_throttle(status: int, words: _Words) -> bool:
    # 429 is not documented but handled by clients (contract §4); other 503s have other bodies.
    return status == 429 or (status == 503 and THROTTLE_TEXT in words.text.lower())  # noqa: PLR2004


def _read_again(status: int, words: _Words) -> type[ReadAgain] | None:
    text = words.text.lower()
    if status == 404 and words.structured:  # noqa: PLR2004
        return NoteGone
    if INVALID_NOTE_TEXT in text:
        return NoteGone
    if ALREADY_THERE.intersection(words.codes) or SHIPPED_TEXT in text:
        return AlreadyThere
    # Which of 409 and 412 answers a wrong If-Match is not known (contract §17.2); both read again.
    return {409: AlreadyThere, 412: VersionMoved}.get(status)


def _throttled(answer: Answer, asked: Asked) -> Throttled:
    wait = next_window(answer)
    seconds = (UNTIL_NEXT_WINDOW if wait is None else wait) + asked.jitter
    return Throttled(
        f"Brightpearl's budget is used up ({asked.operation}); it goes on in {seconds:.0f} s.",
        until=asked.now + timedelta(seconds=seconds),
        trace=asked.trace,
    )


def next_window(answer: Answer) -> float | None:
    """Read how many seconds remain until the budget's window opens; None when not told."""
    told = answer.header("Brightpearl-Next-Throttle-Period")  # milliseconds (contract §4)
    return int(told) / 1000 if re.fullmatch(r"\d{1,9}", told) else None


def _permanent(kind: type[Permanent], words: _Words, asked: Asked, *, code: str) -> Permanent:
    sentence = f"Brightpearl refused ({asked.operation}){_quoted(words)}"
    return kind(sentence, code=code or kind.default_code, trace=asked.trace)


def _quoted(words: _Words) -> str:
    said = without_personal_data(words.text)
    return f": {' '.join(words.codes)} {said}".rstrip() if said or words.codes else ""


def _words(answer: Answer) -> _Words:
    try:
        body = answer.json()
    except ValueError:
        return _Words()
    if not isinstance(body, Mapping):
        return _Words()
    errors = body.get("errors")
    if not isinstance(errors, list):
        # 503 says its one sentence under "response" (contract §5).
        said = body.get("response")
        return _Words(text=said if isinstance(said, str) else "")
    return _Words(
        codes=tuple(_part(error, "code") for error in errors),
        text="; ".join(_part(error, "message") for error in errors),
        structured=True,
    )


def _part(error: Any, name: str) -> str:
    return str(error.get(name, "")) if isinstance(error, Mapping) else ""

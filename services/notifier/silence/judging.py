"""Which of an account's signals are silent, all of them held against each other; pure."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from services.notifier.silence.signals import SIGNALS
from shared.signals import NOTES, SHIPMENTS
from shared.usual import CountOf, Silence, silence_at

# Both sides at rest for no longer than this are closed: a holiday.
REST = 24


def silences(
    counts: Mapping[str, CountOf], *, end: datetime, zone: tzinfo, is_compared: bool
) -> Mapping[str, Silence]:
    """Give what is silent at `end`, by signal.

    Webhooks of which there is nothing to tell are not silent. Where notes and shipments are both
    silent, and `is_compared` says that both vendors' own lists were read just now, the merchant
    has a holiday: only a rest that goes on is told.
    """
    found = {
        signal: silence
        for signal in SIGNALS
        if (silence := silence_at(end, counts[signal], zone)) is not None
    }
    heard = {
        signal: silence
        for signal, silence in found.items()
        if SIGNALS[signal].counterpart not in found
    }
    is_rest = is_compared and NOTES in found and SHIPMENTS in found
    if not is_rest:
        return heard
    return {signal: one for signal, one in heard.items() if one.hours > REST}

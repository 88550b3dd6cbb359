"""What a page that asks before saving says of it."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.configuring.saving import Preview
from shared.configuring.words import will_do, will_wait

Told = Mapping[str, Sequence[str]]

MEANWHILE: Final = (
    "The settings were saved by somebody else, or a list was fetched, while this page was open. "
    "These are your changes to how they stand now: look once more, then save."
)


def effect_told(preview: Preview) -> Told:
    """Say what would go on and what would stop, under the names that the templates use."""
    return {
        "sentences": list(will_do(preview.effect, preview.after, zone=preview.time_zone)),
        "stops": list(will_wait(preview.before, preview.after)),
    }

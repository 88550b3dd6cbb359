"""What a terminal says of a saving, or of one that is only foreseen."""

from collections.abc import Iterator

from shared.configuring.saving import Preview, Saved
from shared.configuring.words import was_done, will_do, will_wait


def saved_lines(code: str, saved: Saved) -> Iterator[str]:
    """Tell what was saved and what went on by it."""
    if not saved.is_new:
        yield f"{code}: all of it was so already, nothing was changed."
        return
    yield f"{code}: saved as version {saved.version}."
    for sentence in was_done(saved.effect, saved.after, zone=saved.time_zone):
        yield f"  {sentence}"


def foreseen_lines(code: str, preview: Preview) -> Iterator[str]:
    """Tell what a saving would alter and do."""
    yield f"{code}: nothing was saved. To save this would have this effect:"
    for one in preview.differences:
        yield f"  {one.subject}: {one.before} -> {one.after}"
    for sentence in will_wait(preview.before, preview.after):
        yield f"  {sentence}"
    for sentence in will_do(preview.effect, preview.after, zone=preview.time_zone):
        yield f"  {sentence}"

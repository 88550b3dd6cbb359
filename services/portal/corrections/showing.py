"""Corrections as people read them: what was, what is sent instead, what there is to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.portal.corrections.wish import Wish
from services.portal.dry_run.looking import DryRun
from services.portal.log.note_story import NoteStory
from shared.accounts import AccountSettings
from shared.connections import Connections
from shared.db.correction_tables import NoteCorrection
from shared.notes.correcting import opened
from shared.pushing.corrections import COUNTRY, FIELDS, LABELS, METHOD, Corrections

NO_METHOD: Final = "none: the warehouse's own rules choose"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One field as it was and as it is sent; `counts` says that Brightpearl has not changed it."""

    label: str
    was: str
    value: str
    counts: bool
    is_personal: bool


def corrections_of(story: NoteStory, connections: Connections) -> Corrections:
    """Give what counts of a note's corrections, as far as it can be read."""
    if story.correction is None:
        return {}
    return opened(story.correction, connections.box).corrections


def shown_corrections(
    story: NoteStory, connections: Connections, settings: AccountSettings
) -> Sequence[Shown]:
    """Give a note's corrections as people read them; none where there are none to be read."""
    row = story.correction
    if row is None:
        return ()
    every = NoteCorrection(**{**row.model_dump(), "given_way": []})
    kept = opened(every, connections.box).corrections
    return [
        Shown(
            label=LABELS[code],
            was=in_words(code, kept[code].was, settings),
            value=in_words(code, kept[code].value, settings),
            counts=code not in row.given_way,
            is_personal=is_personal(code),
        )
        for code in FIELDS
        if code in kept
    ]


def changes_of(wish: Wish, settings: AccountSettings) -> list[tuple[str, str, str]]:
    """Give each field that is to be sent otherwise: its name, before and after."""
    return [
        (LABELS[code], in_words(code, one.was, settings), in_words(code, one.value, settings))
        for code in FIELDS
        if (one := wish.corrections.get(code))
    ]


def choices(run: DryRun) -> list[tuple[str, str]]:
    """List the shipping methods that ShipHero is told something for, the note's own among them."""
    mapped = [
        (str(one), f"{method.name}, sent as {method.title}")
        for one, method in run.settings.methods.items()
        if method.title
    ]
    in_order = sorted(mapped, key=lambda pair: pair[1])
    own = run.own.get(METHOD, "")
    if own in dict(mapped):
        return in_order
    name = f"{in_words(METHOD, own, run.settings)}, not mapped" if own else NO_METHOD
    return [(own, name), *in_order]


def in_words(field: str, value: str, settings: AccountSettings) -> str:
    """Write a value; a shipping method by its name."""
    if field != METHOD or not value.isdecimal():
        return value
    method = settings.methods.get(int(value))
    return method.name if method else f"number {value}"


def is_personal(field: str) -> bool:
    """Tell whether a field says who somebody is, or where they live."""
    return field not in {METHOD, COUNTRY}

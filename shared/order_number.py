"""What an order is called at ShipHero: a merchant's template, filled in for each note.

Pure: the settings page checks a template and shows an example of it, the push fills it in.
"""

import re
from dataclasses import dataclass

DEFAULT = "{reference}"
TOKENS = ("reference", "order_id", "note_id", "sequence", "channel")
# With neither of these, an order's second note would bear the first one's number.
TELLING_NOTES_APART = frozenset({"sequence", "note_id"})
LONGEST_TEMPLATE = 100
# ShipHero documents no limit (contract §6), and a reference is 255 characters at most in
# Brightpearl's own form; an order number is read by people and printed as a barcode.
LONGEST = 100

_PIECE = re.compile(r"\{(?P<token>[^{}]*)\}|(?P<text>[^{}]+)|(?P<stray>[{}])")
_BLANKS = re.compile(r"\s+")


class UnfitTemplate(ValueError):  # noqa: N818 - it says what is wrong with the template
    """The template cannot be filled in; the sentence is for the merchant."""


@dataclass(frozen=True, kw_only=True)
class NumberParts:
    """What a template may name of a note; `sequence` counts an order's notes from 1."""

    order_id: int
    note_id: int
    sequence: int
    reference: str = ""
    channel: str = ""


EXAMPLE = NumberParts(
    reference="WEB-10045", order_id=10045, note_id=7001, sequence=1, channel="Web"
)
EXAMPLE_SECOND = NumberParts(
    reference="WEB-10045", order_id=10045, note_id=7002, sequence=2, channel="Web"
)


def check_template(template: str) -> None:
    """Raise UnfitTemplate with a sentence for the merchant unless `template` can be used.

    It must tell one order from another: a template that names neither the reference, nor the
    order, nor the note would call them all alike.
    """
    tokens = _tokens(template)
    if not tokens & {"reference", "order_id", "note_id"}:
        raise UnfitTemplate(
            "The template calls all orders alike; put {reference}, {order_id} or {note_id} in it."
        )


def number(template: str, parts: NumberParts) -> str:
    """Fill in `template` for a note, at most LONGEST characters.

    An empty reference gives way to the order's id. Where the template tells an order's notes
    apart by nothing, the second and later ones bear "-" and their sequence at the end. A number
    that is too long loses its middle, never what tells the note apart. Raises UnfitTemplate.
    """
    used = _tokens(template)
    written = _tidy(_filled(template, parts)) or str(parts.order_id)
    apart = bool(used & TELLING_NOTES_APART) or parts.sequence <= 1
    ending = "" if apart else f"-{parts.sequence}"
    if len(written) + len(ending) <= LONGEST:
        return written + ending
    # Too long to be kept whole: the note's own id makes what is left of it unique.
    ending = f"-{parts.order_id}-{parts.note_id}"
    return written[: LONGEST - len(ending)].rstrip() + ending


def example(template: str) -> tuple[str, str]:
    """Show what an order's first and second note would be called. Raises UnfitTemplate."""
    check_template(template)
    return number(template, EXAMPLE), number(template, EXAMPLE_SECOND)


def _tokens(template: str) -> set[str]:
    if not template.strip():
        raise UnfitTemplate("The template is empty; {reference} is what most shops use.")
    if len(template) > LONGEST_TEMPLATE:
        raise UnfitTemplate(f"The template is longer than {LONGEST_TEMPLATE} characters.")
    if not template.isprintable():
        raise UnfitTemplate("The template has a line break or another character without a shape.")
    found = set[str]()
    for piece in _PIECE.finditer(template):
        token = piece["token"]
        if piece["stray"]:
            raise UnfitTemplate("A { or } in the template has no partner.")
        if token is not None and token not in TOKENS:
            known = ", ".join(f"{{{one}}}" for one in TOKENS)
            raise UnfitTemplate(f"{{{token}}} is not known; there are {known}.")
        if token is not None:
            found.add(token)
    return found


def _filled(template: str, parts: NumberParts) -> str:
    given = {
        "reference": _tidy(parts.reference) or str(parts.order_id),
        "order_id": str(parts.order_id),
        "note_id": str(parts.note_id),
        "sequence": str(parts.sequence),
        "channel": _tidy(parts.channel),
    }
    return _PIECE.sub(lambda piece: piece["text"] or given[piece["token"]], template)


def _tidy(text: str) -> str:
    # A reference may hold a line break or tab that no barcode or search shows.
    shaped = "".join(one if one.isprintable() else " " for one in text)
    return _BLANKS.sub(" ", shaped).strip()

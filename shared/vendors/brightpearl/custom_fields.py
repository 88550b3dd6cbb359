"""An order's custom fields as words: what a merchant entered, whatever the field's type."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

# Asks an order GET for them; without it the answer has none (contract §8).
WITH_CUSTOM_FIELDS: Mapping[str, str] = {"includeOptional": "customFields"}


def as_words(given: Any) -> dict[str, str]:
    """Give code -> words; what cannot be read as words is left out.

    A text, a number and a date come plain, a choice as `{"id": 137, "value": "Gift"}`. How a
    choice of several, a yes/no and a person come is not documented (contract §8): read leniently.
    """
    if not isinstance(given, Mapping):  # an empty map may come as [] (contract §5)
        return {}
    found = {str(code): _words(value) for code, value in given.items()}
    return {code: words for code, words in found.items() if words}


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float | Decimal):
        return str(value).strip()
    if isinstance(value, Mapping):
        # A choice whose id alone is told has no words: its number says nothing to a packer.
        return _words(value.get("value")) or _words(value.get("name"))
    if isinstance(value, Sequence):
        return ", ".join(filter(None, map(_words, value)))
    return ""

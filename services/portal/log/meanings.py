"""When two ways of writing something mean the same; pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import pycountry

_NOT_WORDS: Final = re.compile(r"[\W_]+")
_ZIP_PLUS_4: Final = re.compile(r"(\d{5})-?\d{4}")


def alike(one: str, other: str) -> bool:
    """Say whether two texts mean the same."""
    return _plain(one) == _plain(other)


def same_place(one: str, other: str, *, country: str) -> bool:
    """Say whether two names of a state mean the same."""
    return alike(one, other) or _state(one, country) == _state(other, country)


def same_postcode(one: str, other: str) -> bool:
    """Say whether two postcodes are the same; a ZIP with and without its last four is."""
    return (
        alike(_five(one), _five(other)) if not (_four(one) and _four(other)) else alike(one, other)
    )


def _plain(text: str) -> str:
    return _NOT_WORDS.sub("", text).casefold()


def _five(postcode: str) -> str:
    found = _ZIP_PLUS_4.fullmatch(postcode.strip())
    return found[1] if found else postcode


def _four(postcode: str) -> bool:
    return _ZIP_PLUS_4.fullmatch(postcode.strip()) is not None


def country_of(text: str) -> str:
    """Give a country's two letters, or the text itself."""
    words = text.strip()
    found = (
        pycountry.countries.get(alpha_2=words.upper())
        or pycountry.countries.get(alpha_3=words.upper())
        or pycountry.countries.get(name=words)
    )
    return found.alpha_2 if found else _plain(words)


def _state(text: str, country: str) -> str:
    """Give a state's code, or the text itself."""
    words = text.strip()
    codes = _codes(country)
    if words.upper() in codes.values():
        return words.upper()
    return codes.get(words.casefold()) or _plain(words)


@cache
def _codes(country: str) -> Mapping[str, str]:
    return {
        one.name.casefold(): one.code.partition("-")[2]
        for one in pycountry.subdivisions
        if one.country_code == country
    }

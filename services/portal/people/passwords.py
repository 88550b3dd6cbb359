"""Which passwords are taken: long ones that nobody would try first."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from flask_security import PasswordUtil

SHORTEST: Final = 12
LONGEST: Final = 128  # hashing more would only cost time
FEWEST_CHARACTERS: Final = 5

TOO_SHORT: Final = f"Please choose a password of at least {SHORTEST} characters."
TOO_LONG: Final = f"Please choose a password of at most {LONGEST} characters."
TOO_COMMON: Final = (
    "This password is among the first that somebody would try. Choose one that is not made of "
    "common words, rows of keys, or your name: four random words are good."
)

# What passwords are made of most often; those of a merchant's daily work too.
_COMMON: Final = (
    "password", "passwort", "passw", "pass", "word", "welcome", "willkommen", "admin",
    "administrator", "root", "user", "guest", "login", "logmein", "letmein", "open", "sesame",
    "secret", "changeme", "change", "default", "temp", "test", "testing", "demo", "qwerty",
    "qwertz", "azerty", "asdf", "zxcv", "yxcv", "iloveyou", "love", "lovely", "monkey", "dragon",
    "football", "baseball", "soccer", "hockey", "basketball", "superman", "batman", "spiderman",
    "sunshine", "princess", "master", "shadow", "michael", "jordan", "charlie", "jennifer",
    "jessica", "ashley", "daniel", "andrew", "thomas", "hello", "world", "whatever", "trustno",
    "starwars", "pokemon", "computer", "internet", "samsung", "google", "facebook", "apple",
    "summer", "winter", "spring", "autumn", "january", "february", "march", "april", "june",
    "july", "august", "september", "october", "november", "december", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "liverpool", "chelsea", "arsenal",
    "london", "england", "america", "company", "office", "server", "system", "manager", "sales",
    "orders", "order", "shipping", "warehouse", "goodsout", "brightpearl", "shiphero", "shopify",
    "the", "and", "for", "you", "my", "is", "this", "new", "old", "best", "super", "god",
)  # fmt: skip
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujm",
)
_LOOKS_LIKE: Final = str.maketrans("013457@$!", "oieastasi")
SHORTEST_OWN_WORD: Final = 3


class Passwords(PasswordUtil):
    """Flask-Security's, with our rules."""

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: ARG002, FBT001 - Flask-Security's
        **known: Any,
    ) -> tuple[list[str] | None, str]:
        """Normalize it and say what is wrong with it; None when nothing is."""
        normal: str = self.normalize(password)
        person = known.get("user")
        about = known if person is None else {"email": person.email, "name": person.name}
        problem = problem_with(normal, about=[str(word) for word in about.values() if word])
        return ([problem] if problem else None), normal


def problem_with(password: str, *, about: Iterable[str] = ()) -> str:
    """Say why a password is not taken, "" when it is; `about` is what is known of its person."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if len(set(password.lower())) < FEWEST_CHARACTERS or _is_row(password.lower()):
        return TOO_COMMON
    own = {part for text in about for part in re.split(r"[^a-z]+", text.lower())}
    words = sorted(
        {*_COMMON, *(word for word in own if len(word) >= SHORTEST_OWN_WORD)}, key=len, reverse=True
    )
    made_of = re.compile(f"(?:{'|'.join(words)})+")
    return TOO_COMMON if any(map(made_of.fullmatch, _readings(password))) else ""


def _readings(password: str) -> Iterable[str]:
    """Give the letters alone, and once more with digits and signs read as what they look like."""
    small = password.lower()
    yield re.sub(r"[^a-z]", "", small)
    yield re.sub(r"[^a-z]", "", small.translate(_LOOKS_LIKE))
    yield re.sub(r"[^a-z]", "", re.sub(r"[\d\W_]+$", "", small).translate(_LOOKS_LIKE))


def _is_row(small: str) -> bool:
    """Tell a password of keys or characters that follow each other, however often."""
    letters = re.sub(r"[^a-z]", "", small)
    if not letters:
        return _steps_alike(re.sub(r"\D", "", small))
    return any(letters in row * 8 or letters in row[::-1] * 8 for row in _ROWS)


def _steps_alike(digits: str) -> bool:
    """Tell digits that count up or down, or repeat a few, from those that mean nothing."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    repeats = any(
        digits == (digits[:size] * len(digits))[: len(digits)]
        for size in range(1, 1 + len(digits) // 2)
    )
    return len(steps) <= 1 or repeats

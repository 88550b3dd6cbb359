"""An account's code, made from its company's name; pure."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 12
FALLBACK: Final = "merchant"
# Says what kind of company it is, not which.
_FORMS: Final = re.compile(r"\b(ltd|limited|plc|llc|llp|inc|corp|gmbh|ag|co|company|bv|sarl|the)\b")


def codes_for(company: str) -> Iterator[str]:
    """Give codes to try, the plain one first: short, lower case, of letters and digits."""
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    spoken = _FORMS.sub(" ", re.sub(r"[^a-z0-9]+", " ", plain))
    code = re.sub(r"[^a-z0-9]", "", spoken)[:LONGEST] or FALLBACK
    yield code
    number = 2
    while True:
        yield f"{code}{number}"
        number += 1

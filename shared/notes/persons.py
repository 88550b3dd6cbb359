"""Find notes by whose they are, without keeping whose they are: keyed digests of whole values.

A digest is made with a key that is derived from SECRET_KEYS, and of one account alone: nobody who
has the database but not the keys can try names, and no two accounts' digests can be compared
(decision 0039).
"""

import hmac
import unicodedata
from typing import Final
from uuid import UUID

PURPOSE: Final = b"goodsout.persons"
# As much of what is typed as the search box takes; of a longer value so much is compared.
LONGEST: Final = 100
# Bytes of a digest that are kept: too many to meet another by chance.
KEPT: Final = 16


class PersonDigests:
    """Makes the digests by which notes are found; `secret_keys` are SECRET_KEYS, newest first."""

    def __init__(self, secret_keys: str) -> None:
        self._keys = [
            hmac.digest(key.strip().encode(), PURPOSE, "sha256") for key in secret_keys.split(",")
        ]

    def kept(self, account_id: UUID, *texts: str) -> frozenset[str]:
        """Give what is kept of e-mail addresses, names and companies: by the newest key."""
        values = {plain(text) for text in texts} - {""}
        return frozenset(_digest(self._keys[0], account_id, value) for value in values)

    def sought(self, account_id: UUID, text: str) -> tuple[str, ...]:
        """Give what was kept of `text`, by whichever of the keys; nothing for an empty text."""
        value = plain(text)
        return tuple(_digest(key, account_id, value) for key in self._keys) if value else ()


def plain(text: str) -> str:
    """Write a value as it is compared: without case, accents or superfluous white space."""
    parts = unicodedata.normalize("NFKD", " ".join(text.split())[:LONGEST])
    letters = "".join(one for one in parts if not unicodedata.combining(one))
    return " ".join(letters.casefold().split())


def _digest(key: bytes, account_id: UUID, value: str) -> str:
    # A vendor's text may hold half of a surrogate pair.
    words = value.encode("utf-8", "surrogatepass")
    return hmac.digest(key, account_id.bytes + words, "sha256")[:KEPT].hex()

"""What a token is made of, and what each scope lets its holder do; pure but for the dice."""

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

# The start tells a secret scanner, and a person, what was found.
BEGINS: Final = "go_"
BYTES: Final = 32
SHOWN: Final = 9  # characters kept in clear; what is left is still far beyond guessing

_TOKEN = re.compile(r"go_[A-Za-z0-9_-]{43}", re.ASCII)

LOG_READ: Final = "log:read"
CUSTOMERS_SEARCH: Final = "customers:search"
NOTES_RETRY: Final = "notes:retry"
NOTES_CORRECT: Final = "notes:correct"
CONFIGURATION_READ: Final = "configuration:read"
CONFIGURATION_WRITE: Final = "configuration:write"
LEDGER_READ: Final = "ledger:read"
SCOPES: Final[Mapping[str, str]] = {
    LOG_READ: "read the sync log and each note's details",
    CUSTOMERS_SEARCH: "find notes by a customer's e-mail address or name",
    NOTES_RETRY: "have a note tried again",
    NOTES_CORRECT: "have a note sent otherwise than Brightpearl says, and tried again",
    CONFIGURATION_READ: "read the sync configuration",
    CONFIGURATION_WRITE: "change the sync configuration",
    LEDGER_READ: "read the ledger: what was kept, sent and came back",
}


def new_token() -> str:
    """Make a token nobody can guess."""
    return BEGINS + secrets.token_urlsafe(BYTES)


def is_token(text: str) -> bool:
    """Tell whether this could be a token of ours at all."""
    return _TOKEN.fullmatch(text) is not None


def digest_of(token: str) -> str:
    """Give what is kept of a token; of 256 random bits a plain digest says nothing.

    A token is found by its digest, so how long the look-up takes tells nobody how much of a
    guessed one was right.
    """
    return sha256(token.encode()).hexdigest()

"""Signs what we tell other programs, as https://www.standardwebhooks.com says.

Ten lines of our own: the specification's Python library would bring a second HTTP client along.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32  # 24 to 64 are allowed


def new_secret() -> str:
    """Make a secret that a receiver checks signatures with."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(
    body: bytes, *, message: str, at: datetime, secret_texts: Sequence[str]
) -> dict[str, str]:
    """Give the headers that go with `body`; each secret signs, the newest first.

    `message` is the same for every attempt at telling the same, `at` is when this one is made.
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join([message.encode(), seconds.encode(), body])
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secret_texts),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}"

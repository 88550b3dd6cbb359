"""Vendor credentials at rest: encrypted with keys that can be rotated."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_KEY = re.compile(r"[A-Za-z0-9_+/-]{43}=", re.ASCII)


class SecretBox:
    """Encrypts with the newest key, decrypts with any; keys come newest first."""

    def __init__(self, keys: str) -> None:
        """`keys` is a comma-separated list of Fernet keys; raises ValueError when one is none."""
        each = [key.strip() for key in keys.split(",")]
        # Fernet alone would read two keys without a comma between them as the first one.
        if not all(map(_KEY.fullmatch, each)):
            raise ValueError(
                "SECRET_KEYS holds something that is no Fernet key; make one with "
                "`goodsout secrets new-key`"
            )
        self._fernet = MultiFernet([Fernet(key) for key in each])
        self._newest = Fernet(each[0])

    def seal(self, secret: str) -> str:
        """Encrypt a text for a column."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a column; raises ValueError when none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise ValueError(
                "a stored credential fits none of SECRET_KEYS: was a key removed too early?"
            ) from error

    def anew(self, sealed: str) -> str | None:
        """Encrypt a column's text with the newest key; None when that key made it.

        Raises ValueError when none of the keys fits.
        """
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.open(sealed))
        return None

    def seal_mapping(self, secrets: Mapping[str, str]) -> str:
        """Encrypt several named secrets together."""
        return self.seal(json.dumps(dict(secrets), sort_keys=True))

    def open_mapping(self, sealed: str) -> dict[str, str]:
        """Decrypt what `seal_mapping` made."""
        opened: dict[str, str] = json.loads(self.open(sealed))
        return opened


def new_key() -> str:
    """Make a key for SECRET_KEYS."""
    return Fernet.generate_key().decode()


def digest(secret: str) -> str:
    """Give what a secret of 128 bits or more can be looked up by without being stored."""
    return sha256(secret.encode()).hexdigest()

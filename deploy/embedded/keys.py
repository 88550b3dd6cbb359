"""The embedded system's secrets: made on the first start, kept in a file only we may read."""

import json
import os
import secrets
from pathlib import Path

from shared.secrets import new_key


def keys_in(folder: Path) -> dict[str, str]:
    """Give the secrets as environment variables; made and kept (mode 0600) on the first call."""
    file = folder / "keys.json"
    if not file.exists():
        fresh = {
            "SECRET_KEYS": new_key(),
            "SECRET_KEY": secrets.token_urlsafe(32),
            "SECURITY_PASSWORD_SALT": secrets.token_urlsafe(32),
        }
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            json.dump(fresh, opened)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept

"""Prove that ShipHero sent a body: HMAC over the raw bytes, compared in constant time."""

import base64
import hmac


def matches(body: bytes, signature: str, secret: str) -> bool:
    """Say whether `signature` is base64(HMAC-SHA256(secret, body)); ShipHero contract §10."""
    expected = base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.encode("utf-8", errors="replace"))

"""Links in mails that switch one kind of mail off for one person, without a log-in.

itsdangerous signs them, as Flask's cookies are: the link names who and what, and only we make one.
They end with the key of `SECRET_KEYS` that signed them.
"""

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from shared.notifications import KINDS

SALT: Final = "goodsout.unsubscribe"
PATH: Final = "/unsubscribe"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The kind of mail and the person that a link is about."""

    user_id: int
    kind: str


def _signer(secret_keys: str) -> URLSafeSerializer:
    # SECRET_KEYS stand newest first; itsdangerous signs with the last.
    keys = [key.strip() for key in reversed(secret_keys.split(","))]
    return URLSafeSerializer(keys, salt=SALT, signer_kwargs={"key_derivation": "hmac"})


def unsubscribe_token(choice: Choice, *, secret_keys: str) -> str:
    """Sign what a link switches off."""
    return str(_signer(secret_keys).dumps([choice.user_id, choice.kind]))


def choice_of(token: str, *, secret_keys: str) -> Choice | None:
    """Read a link's token; None where it is not ours, or of a kind that is no more."""
    try:
        user_id, kind = _signer(secret_keys).loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    if not isinstance(user_id, int) or kind not in KINDS:
        return None
    return Choice(user_id=user_id, kind=str(kind))

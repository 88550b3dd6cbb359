"""The second factor: codes of an authenticator app, and recovery codes for when it is lost."""

import base64
import io
from datetime import timedelta
from typing import Any, Final

import qrcode
import qrcode.image.svg
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin
from flask_security.proxies import _datastore
from passlib.exc import TokenError

from services.portal.people.rate_counts import count_up
from services.portal.people.store import people_session
from shared.clock import Now, utc_now
from shared.secrets import SecretBox

ISSUER: Final = "Goodsout"
RECOVERY_CODES: Final = 10
A_STEP_EARLY_OR_LATE: Final = 30  # seconds that a person's clock may be wrong
REMEMBERED_FOR: Final = timedelta(minutes=5)
KEYS, CLOCK = "keys", "clock"


class AppCodes(Totp):
    """Flask-Security's, with secrets sealed like all others, and each code good once."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        # The wallet's own encryption would need keys that `goodsout secrets rotate` cannot turn.
        super().__init__({"1": "unused"}, issuer)
        self._box = SecretBox(secrets[KEYS])
        self._now: Now = secrets.get(CLOCK, utc_now)

    def generate_totp_secret(self) -> str:
        """Make a secret, sealed."""
        return self._box.seal(self._totp.new().to_json(encrypt=False))

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Check a code; at a log-in the same one is not taken twice (RFC 6238, 5.2)."""
        try:
            match = self._totp.verify(token, self._box.open(totp_secret), window=window)
        except (TokenError, ValueError):
            return False
        if totp_secret != user.tf_totp_secret:
            return True  # it is only being set up
        now = self._now()
        key = f"used-code:{user.id}:{match.counter}"
        return count_up(people_session(), key, amount=1, until=now + REMEMBERED_FOR, now=now) == 1

    def generate_totp_password(self, totp_secret: str) -> str:
        """Give the code of this moment."""
        return str(self._totp.from_source(self._box.open(totp_secret)).generate().token)

    def get_totp_uri(self, username: str, totp_secret: str) -> str:
        """Give what the picture says."""
        return str(super().get_totp_uri(username, self._box.open(totp_secret)))

    def get_totp_pretty_key(self, totp_secret: str) -> str:
        """Give the key for typing."""
        return str(super().get_totp_pretty_key(self._box.open(totp_secret)))

    def get_totp_b32_key(self, totp_secret: str) -> str:
        """Give the key for programs."""
        return str(super().get_totp_b32_key(self._box.open(totp_secret)))

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Draw the picture to scan, as one path; black on white in the dark too."""
        drawing = qrcode.make(
            self.get_totp_uri(username, totp), image_factory=qrcode.image.svg.SvgPathFillImage
        )
        kept = io.BytesIO()
        drawing.save(kept)
        return f"data:image/svg+xml;base64,{base64.b64encode(kept.getvalue()).decode()}"


class RecoveryCodes(MfRecoveryCodesUtil):
    """Flask-Security's, read under a lock, so that two at once do not both get in with one."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Tell whether a code is one of theirs and unused."""
        people_session().refresh(user, with_for_update=True)
        return as_made(code) in self.get_recovery_codes(user)

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use a code up."""
        sealed = _datastore.mf_get_recovery_codes(user)
        kept = [one for one in sealed if self._decrypt_codes([one]) != [as_made(code)]]
        _datastore.mf_set_recovery_codes(user, kept)
        return len(kept) < len(sealed)


def as_made(code: str) -> str:
    """Give a recovery code as it was shown, however it was typed."""
    plain = "".join(code.lower().replace("-", " ").split())
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))

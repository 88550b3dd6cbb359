"""Send one request to an address that a merchant entered, and give the little that may be told."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import requests
from urllib3.exceptions import HTTPError

from shared.egress.address import Rules, Target
from shared.egress.guard import Guard, GuardedAdapter, LookUp, NameUnknown, look_up
from shared.vendors.bounded_reading import answer_within
from shared.vendors.trouble import kind_of

# Bytes of an answer that are read at all, and characters of it that are told.
READ_AT_MOST: Final = 4_096
TOLD_AT_MOST: Final = 160
# A word of the path, or a signature, so long may be a secret: what repeats it is not told.
SECRET_FROM: Final = 10
SIGNATURE: Final = "webhook-signature"
_WORDS: Final = re.compile(r"[A-Za-z0-9_+=.-]+")
_TELLING: Final = ("text/", "application/json", "application/problem+json")


class NoAnswer(Exception):  # noqa: N818 - its name is the sentence
    """Nobody answered, or not in time; the text names the trouble and no address."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds that one request may take; `total` is for the answer as a whole."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 15.0

    @classmethod
    def within(cls, deadline: float) -> Self:
        """Give the usual limits, none of them longer than `deadline`."""
        usual = cls()
        return cls(
            connect=min(usual.connect, deadline / 2),
            read=min(usual.read, deadline),
            total=min(usual.total, deadline),
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: `excerpt` is one short printable line, "" where nothing may be told."""

    status: int
    seconds: float
    retry_after: str = ""
    excerpt: str = ""


@dataclass(frozen=True, kw_only=True)
class Egress:
    """Sends where `rules` allow it; follows nothing, keeps nothing, reads no environment."""

    rules: Rules
    limits: Limits = Limits()
    look_up: LookUp = field(default=look_up, repr=False)
    # The authorities that vouch for servers, as a file; True are the usual ones.
    trusted: bool | str = True

    def post(self, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body`, once. Raises NoAnswer, and AddressRefused before anything is connected."""
        guard = Guard(rules=self.rules, connect=self.limits.connect, look_up=self.look_up)
        begun = time.monotonic()
        with requests.Session() as session, answer_within(self.limits.total):
            session.trust_env = False  # neither proxies nor a netrc of this machine
            session.mount("https://", GuardedAdapter(guard))
            session.mount("http://", GuardedAdapter(guard))
            try:
                response = session.post(
                    target.url,
                    data=body,
                    headers={"Accept-Encoding": "identity", "Connection": "close", **headers},
                    timeout=(self.limits.connect, self.limits.read),
                    allow_redirects=False,
                    stream=True,
                    verify=self.trusted,
                )
            except requests.RequestException as error:
                raise NoAnswer(_kind_of(error)) from None
            with response:
                excerpt = "" if response.ok else _excerpt(response, _secrets(target, headers))
        return Answer(
            status=response.status_code,
            seconds=time.monotonic() - begun,
            retry_after=response.headers.get("Retry-After", ""),
            excerpt=excerpt,
        )


def _kind_of(error: requests.RequestException) -> str:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return "its name was not found" if isinstance(reason, NameUnknown) else kind_of(error)


def _excerpt(response: requests.Response, secrets: frozenset[str]) -> str:
    """Give the beginning of an answer that went wrong, unless it is no text or holds a secret."""
    kind = response.headers.get("Content-Type", "")
    if not kind.lower().startswith(_TELLING) or "Content-Encoding" in response.headers:
        return ""
    try:
        raw = response.raw.read(READ_AT_MOST, decode_content=False)
    except (HTTPError, OSError):
        return ""  # the status is what counts, and that is known
    text = raw.decode("utf-8", "replace")
    if any(secret in text for secret in secrets):
        return ""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= TOLD_AT_MOST else f"{line[:TOLD_AT_MOST].rstrip()}…"


def _secrets(target: Target, headers: Mapping[str, str]) -> frozenset[str]:
    told = f"{target.path} {headers.get(SIGNATURE, '')}"
    return frozenset(word for word in _WORDS.findall(told) if len(word) >= SECRET_FROM)

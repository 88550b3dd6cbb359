"""Addresses that merchants enter: read so strictly that nobody reads them otherwise; pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from shared.egress.networks import Address, Network, is_public

HTTPS_PORT, HTTP_PORT = 443, 80
USUAL_PORTS: Final = frozenset({443, 8443})
LONGEST: Final = 2_000

# No user and password, no fragment, no backslash, no blank, nothing outside ASCII: what programs
# read differently is refused, not guessed at.
_SHAPE: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9_.-]+))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)"
)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# 127.1, 0x7f.1 and 2130706433 are 127.0.0.1 to a resolver; no name of the internet ends so.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_NAME: Final = 253


class AddressRefused(ValueError):  # noqa: N818 - its name is the sentence
    """We do not go there; the text says why, for whoever entered the address."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Where this installation lets merchants send things.

    `networks` are private ones that the operator opened; only they may be reached without TLS.
    """

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = USUAL_PORTS

    def check(self, address: Address, *, scheme: str) -> None:
        """Raise AddressRefused unless `address` may be connected to."""
        if any(address in opened for opened in self.networks if opened.version == address.version):
            return
        if not is_public(address):
            raise AddressRefused("The address leads into a private or reserved network.")
        if scheme != "https":
            raise AddressRefused("The address begins with http://; only https:// is safe.")


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address that was read; `url` is written anew from its parts."""

    scheme: str
    host: str  # in lower case; an IPv6 address without its brackets
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address as it is asked."""
        usual = {"https": HTTPS_PORT, "http": HTTP_PORT}[self.scheme]
        return f"{self.origin}{'' if self.port == usual else f':{self.port}'}{self.path}"

    @property
    def origin(self) -> str:
        """The beginning of the address, without its port."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}"


def target_of(text: str, rules: Rules) -> Target:
    """Read an address; raises AddressRefused for one that can never be connected to.

    A name may still lead somewhere forbidden: that is seen when it is connected.
    """
    read = _SHAPE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if read is None:
        raise AddressRefused(_why_unread(text))
    scheme = read["scheme"]
    port = int(read["port"] or (HTTPS_PORT if scheme == "https" else HTTP_PORT))
    if scheme != "https" and not rules.networks:
        raise AddressRefused("The address begins with http://; only https:// is safe.")
    if port not in rules.ports:
        allowed = " and ".join(map(str, sorted(rules.ports)))
        raise AddressRefused(f"The address names port {port}; allowed are {allowed}.")
    literal = _literal(read["host"], read["ipv6"])
    if literal is not None:
        rules.check(literal, scheme=scheme)
    host = str(literal) if literal is not None else _name(read["host"], rules)
    path = read["path"]
    return Target(
        scheme=scheme, host=host, port=port, path=path if path.startswith("/") else f"/{path}"
    )


def _literal(host: str | None, ipv6: str | None) -> Address | None:
    """Read a host that is an IP address; None for a name."""
    try:
        if ipv6 is not None:
            return IPv6Address(ipv6)
        assert host is not None
        if _NUMBER.fullmatch(host.lower().rstrip(".").rpartition(".")[2]):
            return IPv4Address(host)
    except ValueError as error:
        raise AddressRefused("The address holds a number that is no plain IP address.") from error
    return None


def _name(host: str, rules: Rules) -> str:
    """Check a host that is a name; gives it in lower case."""
    name = host.lower()
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise AddressRefused("The address holds a host name that cannot be.")
    if len(labels) == 1 and not rules.networks:
        raise AddressRefused("The address holds a name of a local network, not of the internet.")
    return name


def _why_unread(text: str) -> str:
    if len(text) > LONGEST:
        return f"The address is longer than {LONGEST:,} characters."
    if not text.isascii():
        return "Write the address in plain ASCII; a host name with accents begins with xn-- then."
    if "://" not in text or not text.strip().lower().startswith(("https:", "http:")):
        return "An address begins with https://."
    if "@" in text.partition("://")[2].partition("/")[0]:
        return "The address holds a user or password before the host; leave it out."
    return "The address cannot be read. It is https://, a host name and a path, without blanks."

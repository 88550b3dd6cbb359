"""The address that a vendor calls: our base, the vendor's path, and a secret of its own."""

from dataclasses import dataclass

from shared.secrets import digest


@dataclass(frozen=True, kw_only=True)
class Address:
    """A webhook's address taken apart; the secret only as its digest."""

    before_secret: str
    path_digest: str


def address_of(base_url: str, vendor: str, path_secret: str) -> str:
    """Give the address under which our endpoint answers for one subscription."""
    return f"{before_secret(base_url, vendor)}/{path_secret}"


def before_secret(base_url: str, vendor: str) -> str:
    """Give what all our addresses for a vendor begin with."""
    return f"{base_url.rstrip('/')}/webhooks/{vendor}"


def read_address(url: str) -> Address:
    """Take any webhook's address apart; whose it is, its digest tells."""
    before, _, last = url.rstrip("/").rpartition("/")
    return Address(before_secret=before, path_digest=digest(last))

"""Where a Brightpearl account lives: hosts come from outside and are held against a list (§1)."""

import re
from urllib.parse import quote

from shared.errors import Permanent

OWN = (".brightpearl.com", ".brightpearlconnect.com")
DATA_CENTRES = ("euw1", "use1")  # contract §1
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def allowed_base_url(host: str, account: str, *, extra: frozenset[str] = frozenset()) -> str:
    """Build where an account's calls go; a token is sent nowhere else.

    `extra` are `host:port` pairs of the operator's own, which are spoken to without TLS. Raises
    Permanent for any host that is neither Brightpearl's nor one of them.
    """
    given = host.strip().lower().rstrip("/")
    path = f"/public-api/{quote(account, safe='')}"
    if given in extra:
        return f"http://{given}{path}"
    name = given.removesuffix(":443")
    if _NAME.fullmatch(name) and name.endswith(OWN):
        return f"https://{name}{path}"
    raise Permanent(
        "Brightpearl named a host that is not its own, so nothing was sent there; tell the "
        "operator, who can allow it with BRIGHTPEARL_HOSTS.",
        code="foreign_host",
    )


def private_base_url(data_centre: str, account: str, *, extra: frozenset[str] = frozenset()) -> str:
    """Build where a private app's calls go; the data centre is what the merchant says."""
    if data_centre in DATA_CENTRES:
        return allowed_base_url(f"{data_centre}.brightpearlconnect.com", account)
    return allowed_base_url(data_centre, account, extra=extra)

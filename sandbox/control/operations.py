"""What a fault can be for: both vendors' calls by their names in the counts, and webhooks."""

from flask import current_app

from sandbox.brightpearl.hooks import EVENTS
from sandbox.shiphero.routes import RESOLVERS

_TOKENS = {"brightpearl": ("token-exchange", "token-refresh"), "shiphero": ("token", "refresh")}
_BRIGHTPEARL = "brightpearl."


def operations(vendor: str) -> dict[str, list[str]]:
    """List a vendor's operations under the words that the page groups them by."""
    if vendor == "shiphero":
        return {"Calls": sorted(RESOLVERS), "Tokens": list(_TOKENS[vendor])}
    return {
        "Calls": sorted(_endpoints()),
        "Tokens": list(_TOKENS[vendor]),
        "Webhooks": sorted(EVENTS),
    }


def _endpoints() -> set[str]:
    named = {rule.endpoint for rule in current_app.url_map.iter_rules()}
    calls = {name.removeprefix(_BRIGHTPEARL) for name in named if name.startswith(_BRIGHTPEARL)}
    return {name for name in calls if "-" in name}

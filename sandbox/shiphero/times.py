"""How ShipHero writes and reads times: no zone, UTC by measurement (contract section 5)."""

from datetime import UTC, datetime

from graphql import GraphQLError

_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
HOUR = 3600.0
DAY = 86_400.0


def written(epoch: float) -> str:
    """Write for the API, `2026-12-18T10:56:15`."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def written_with_space(epoch: float) -> str:
    """Write for the body of a Shipment Update."""
    return written(epoch).replace("T", " ")


def read(text: str) -> float:
    """Read one of the three documented forms as UTC."""
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    raise GraphQLError(f"ISODateTime cannot represent value: {text!r}")

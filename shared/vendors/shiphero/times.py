"""How ShipHero wants a time: UTC without a zone (contract §5)."""

from datetime import UTC, datetime


def as_shiphero_time(moment: datetime) -> str:
    """Write a zoned time as ShipHero reads it, to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")

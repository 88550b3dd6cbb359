"""Zones by their names."""

from shared.clock import zone_of


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert [zone_of(name).key for name in ("Europe/London", "Mars/Base", "../etc", "")] == [
        "Europe/London", "UTC", "UTC", "UTC",
    ]  # fmt: skip

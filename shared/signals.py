"""What is counted by the hour (`shared.db.history_tables.HourCount`), by code."""

from typing import Final

NOTES: Final = "notes"
SHIPMENTS: Final = "shipments"
BRIGHTPEARL_WEBHOOKS: Final = "brightpearl_webhooks"
SHIPHERO_WEBHOOKS: Final = "shiphero_webhooks"

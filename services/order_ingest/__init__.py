"""Brightpearl's webhooks into the journal; announcements into one event a note; backfill."""

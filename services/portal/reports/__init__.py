"""Every report, as it was sent."""

"""Brightpearl's REST API: models, client, and its faults as our six errors."""

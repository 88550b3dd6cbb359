"""Notice that fewer notes, shipments or webhooks come than this weekday and hour usually bring."""

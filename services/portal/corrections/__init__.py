"""Putting right, on the way only, what Brightpearl says of a note that cannot be sent as it is."""

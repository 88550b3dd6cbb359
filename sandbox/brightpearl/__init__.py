"""The simulated Brightpearl, one account per code in the path."""

"""What the clock tells people of its own accord: alerts, gathered causes, the first fetch."""

"""Compare Brightpearl's own list of notes with our books, so that a lost webhook loses no note."""

"""The control room: what a person or a test does to the played world."""

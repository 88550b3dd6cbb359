"""The page Needs attention: what is broken, how much of it, and whose turn it is."""

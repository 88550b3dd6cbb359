"""The sync log and one note's details."""

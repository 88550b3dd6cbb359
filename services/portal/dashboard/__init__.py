"""The first page: what needs a person, whether everything moves, and the proof that it does."""

"""What a merchant decides: saved in one place, so that what waited for it is never forgotten."""

"""Both vendors' own lists against our books, and the repair of each difference."""

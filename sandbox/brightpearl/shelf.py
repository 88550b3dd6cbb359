"""Where one account's documents stand: ids of different accounts may be equal, as in reality."""


def shelf(kind: str, account: str) -> str:
    """Name the kind under which the store keeps one account's documents of a kind."""
    return f"{kind}@{account}"

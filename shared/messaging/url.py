"""What a broker's URL says, and how to show one to a person or a log."""


def scheme_of(url: str) -> str:
    """Give the part before `://`, in lower case; empty when there is none."""
    scheme, separator, _ = url.partition("://")
    return scheme.lower() if separator else ""


def without_secret(url: str) -> str:
    """Replace password and query, which may hold secrets, so that the URL can be logged.

    Everything up to the last `@` counts as credentials, so that a slash somebody forgot to escape
    in a password hides it all the same.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "***"
    credentials, at, location = rest.partition("?")[0].rpartition("@")
    if not at:
        return f"{scheme}://{location}"
    user, colon, _ = credentials.partition(":")
    # A lone word before the @ may be a token just as well as a name.
    return f"{scheme}://{user}:***@{location}" if colon else f"{scheme}://***@{location}"

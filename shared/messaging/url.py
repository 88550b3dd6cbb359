"""What a broker's URL says, and how to show one to a person or a log."""

from urllib.parse import urlsplit


def scheme_of(url: str) -> str:
    """Give the part before `://`, in lower case; empty when there is none."""
    scheme, separator, _ = url.partition("://")
    return scheme.lower() if separator else ""


def without_secret(url: str) -> str:
    """Replace password and query, which may hold secrets, so that the URL can be logged."""
    try:
        parts = urlsplit(url)
        location = parts.netloc
    except ValueError:
        return f"{scheme_of(url)}://***"
    credentials, separator, host = location.rpartition("@")
    if separator:
        user, colon, _ = credentials.partition(":")
        # A lone word before the @ may be a token just as well as a name.
        location = f"{user}:***@{host}" if colon else f"***@{host}"
    return f"{parts.scheme}://{location}{parts.path}"

"""A browser's own words about itself, in those that its person uses."""

import re
from typing import Final

UNKNOWN: Final = "Unknown browser"
LONGEST: Final = 400  # characters of what a browser says; the rest helps nobody

# The first that is found counts: most pretend to be those further down.
_BROWSERS: Final = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"curl/", "curl"),
)
_SYSTEMS: Final = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """Give such as "Firefox on Windows" for a User-Agent header."""
    said = agent[:LONGEST]
    browser, system = _first(_BROWSERS, said), _first(_SYSTEMS, said)
    if not browser:
        return f"Unknown browser on {system}" if system else UNKNOWN
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, said)), "")

"""Finds the system's Chromium for tests that look at pages."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """Give the browser's path; RuntimeError with what to install when there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError(
        "The browser tests need Chromium: install it (apt-get install chromium), or run them as "
        "root on Debian so that they install it."
    )


def missing_packages() -> list[str]:
    """List what Debian calls the browser, when it is not there."""
    return [] if any(shutil.which(name) for name in NAMES) else ["chromium"]

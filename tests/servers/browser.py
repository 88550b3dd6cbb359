"""Finds the system's Chromium for tests that look at pages."""

import ctypes
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Playwright's driver brings its own Node, which wants this library; a minimal Debian lacks it.
DRIVER_LIBRARY, DRIVER_PACKAGE = "libatomic.so.1", "libatomic1"


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
    """List what Debian calls the browser and the driver's library, where they are not there."""
    browser = [] if any(shutil.which(name) for name in NAMES) else ["chromium"]
    return browser if _has_library() else [*browser, DRIVER_PACKAGE]


def _has_library() -> bool:
    try:
        ctypes.CDLL(DRIVER_LIBRARY)
    except OSError:
        return False
    return True

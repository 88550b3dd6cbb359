"""Where the vendors' samples lie; they stay outside the project and are read where they exist."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "vendors"
BRIGHTPEARL = FOLDER / "brightpearl" / "samples"
SHIPHERO = FOLDER / "shiphero" / "samples"


def text_of(path: Path) -> str:
    """Read a sample, or skip the test where the vendors' folder is absent."""
    if not FOLDER.is_dir():
        pytest.skip(f"the vendors' samples are not here: {FOLDER}")
    return path.read_text(encoding="utf-8")


def brightpearl(name: str) -> Any:
    """Read one of Brightpearl's sample bodies."""
    return json.loads(text_of(BRIGHTPEARL / name))


def shiphero(name: str) -> Any:
    """Read one of ShipHero's sample bodies."""
    return json.loads(text_of(SHIPHERO / name))

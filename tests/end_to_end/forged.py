"""The whole system with forked processes, and the operator's commands beside it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.embedded import demo, smoke
from deploy.embedded.parts import python
from deploy.embedded.smoke import SmokeRun
from tests.servers.forge import forged

COMMAND_WITHIN = 60.0


def start(folder: Path, given: Mapping[str, str], *, ship_after: float = 5) -> SmokeRun:
    """Prepare a system in `folder`; enter its supervisor to run it."""
    return smoke.start(folder, given, ship_after=ship_after, launch=forged)


def connect_demo(run: SmokeRun) -> None:
    """Connect the demo account of a running system."""
    demo.connect_demo(run.environment, launch=forged)


def goodsout(environment: Mapping[str, str], *words: str) -> tuple[int, str]:
    """Run a command as an operator does; gives its exit code and what it says."""
    with TemporaryDirectory() as folder:
        log = Path(folder) / "said"
        process = forged(python("shared.cli.main", *words), environment, log)
        return process.wait(COMMAND_WITHIN), log.read_text()

"""`make run`: the whole system under honcho, until Ctrl-C."""

import os
import shlex
import sys
from pathlib import Path

from honcho.manager import Manager

from deploy.embedded.parts import Part, Ports, parts_of, python
from deploy.embedded.prepare import NotReadyError, given_by_person, prepare

FOLDER = Path(os.environ.get("GOODSOUT_FOLDER", "var"))


def main() -> int:
    """Prepare, start every process, and go on until one ends or a person stops us."""
    try:
        ports = Ports.from_environment(os.environ)
        environment = prepare(FOLDER, ports, _with_demo_pace(given_by_person()))
    except (NotReadyError, ValueError) as trouble:
        print(f"Goodsout did not start: {trouble}", file=sys.stderr)
        return 1
    manager = Manager()
    for part in (*parts_of(ports), _welcome(ports)):
        manager.add_process(
            part.name, shlex.join(part.command), env={**environment, **part.environment}
        )
    manager.loop()
    # Being stopped by Ctrl-C is how it is meant to end.
    return 0 if manager.returncode in (0, 130, 143) else 1


def _with_demo_pace(given: dict[str, str]) -> dict[str, str]:
    return {"SANDBOX_SHIP_AFTER": "20", "SANDBOX_ORDER_EVERY": "15", **given}


def _welcome(ports: Ports) -> Part:
    return Part(
        name="welcome",
        command=python("deploy.embedded.welcome"),
        port=ports.portal,
    )


if __name__ == "__main__":
    sys.exit(main())

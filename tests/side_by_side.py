"""`make upgrade-trial`: the version before and this one side by side, over one growing database.

Notes are made all the while, and every one must be shipped once. Needs the project's history in
git, PostgreSQL and RabbitMQ; `FROM=<commit>` names another version to come from.
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.embedded.free_ports import free_ports
from deploy.embedded.keys import keys_in
from deploy.embedded.parts import Part, Ports, own_environment, parts_of, python
from deploy.embedded.smoke import QUICK, SmokeRun
from deploy.embedded.supervisor import Running, Supervisor
from deploy.embedded.waiting import wait_until_ready
from deploy.embedded.walked import Walked
from shared.db.engine import open_engine
from shared.db.migrate import migrate, revisions
from tests.servers.postgresql import private_postgresql
from tests.servers.rabbitmq import private_rabbitmq
from tests.steady_notes import notes_made, say

MIGRATIONS = "shared/db/migrations/versions"
PHASE = 15.0  # seconds
# Connects the demo account as the older version does, to the tables as it knows them. The oldest
# ones ask for the ports too.
CONNECT = (
    "import os; from inspect import signature; "
    "from deploy.embedded.demo import connect_demo; from deploy.embedded.parts import Ports; "
    "given = [dict(os.environ), Ports.from_environment(os.environ)]; "
    "connect_demo(*given[: 1 + ('ports' in signature(connect_demo).parameters)])"
)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An older version in a folder of its own, and where both versions run."""

    folder: Path
    old_code: Path
    ports: Ports
    environment: Mapping[str, str]

    def old(self) -> Supervisor:
        """Give the older version, the sandbox of this one among it."""
        return Supervisor(
            parts_of(self.ports), self.environment, self.folder / "old", self._launch_old
        )

    def new(self) -> Supervisor:
        """Give this version's processes that run beside the older ones."""
        aside = free_ports()
        health = {name: getattr(aside, name) for name in vars(aside) if name.endswith("_health")}
        ports = replace(self.ports, **health)
        aside_parts = [part for part in parts_of(ports) if not _serves(part)]
        return Supervisor(aside_parts, self.environment, self.folder / "new")

    def new_web(self) -> Supervisor:
        """Give this version's web processes, which take the older ones' ports."""
        parts = [part for part in parts_of(self.ports) if _serves(part) and part.name != "sandbox"]
        return Supervisor(parts, self.environment, self.folder / "new")

    def run_old(self, *command: str) -> None:
        """Run a command of the older version."""
        ports = {f"{name.upper()}_PORT": str(port) for name, port in vars(self.ports).items()}
        subprocess.run(
            command, check=True, cwd=self.old_code, env={**self.environment, **ports}
        )  # fmt: skip

    def _launch_old(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> Running:
        where = Path.cwd() if "sandbox" in command else self.old_code
        with log.open("ab") as output:
            return subprocess.Popen(
                command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, cwd=where,
            )  # fmt: skip


def main() -> int:
    """Upgrade a running system, and count what came out."""
    version = os.environ.get("FROM") or _before_the_newest_migration()
    with (
        tempfile.TemporaryDirectory(prefix="goodsout-upgrade-") as folder,
        private_postgresql() as postgresql,
        private_rabbitmq() as rabbitmq,
    ):
        servers = {"DATABASE_URL": postgresql.url, "BROKER_URL": rabbitmq.url}
        trial = _prepared(Path(folder), version, servers)
        walked = _upgrade(trial)
    say(walked.line().replace("smoke", f"upgrade from {version[:8]}"))
    return 0 if walked.ok else 1


def _prepared(folder: Path, version: str, servers: Mapping[str, str]) -> Trial:
    old_code = folder / "code"
    archive = subprocess.run(["git", "archive", version], check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(old_code, filter="data")
    ports = free_ports()
    given = {**QUICK, **servers, **keys_in(folder), "SANDBOX_SHIP_AFTER": "3"}
    environment = own_environment(folder, ports, given)
    trial = Trial(folder=folder, old_code=old_code, ports=ports, environment=environment)
    trial.run_old(*python("shared.cli.main", "migrate"))
    trial.run_old(*python("shared.cli.main", "topology", "--declare"))
    return trial


def _upgrade(trial: Trial) -> Walked:
    with trial.old() as old:
        trial.run_old(sys.executable, "-c", CONNECT)
        run = SmokeRun(supervisor=old, environment=trial.environment, ports=trial.ports)
        with notes_made(run) as made:
            say("the older version alone")
            made.wait(PHASE)
            _migrate(trial.environment)
            made.wait(PHASE)
            with trial.new():
                say("both versions side by side")
                made.wait(PHASE)
                _stop(old, [part for part in old.parts.values() if not _serves(part)])
                say("the older version's web processes with this version's consumers")
                made.wait(PHASE)
                web = trial.new_web()
                _replace_web(old, web)
                say("this version alone")
                made.wait(PHASE)
                made.set()
                run.wait_until_shipped(1, seconds=120)
                walked = run.walked()
                web.stop()
    return walked


def _migrate(environment: Mapping[str, str]) -> None:
    engine = open_engine(environment["DATABASE_URL"])
    before, _ = revisions(engine)
    migrate(engine)
    after, _ = revisions(engine)
    engine.dispose()
    say(f"the older version on the newer schema ({before} to {after})")


def _replace_web(old: Supervisor, new: Supervisor) -> None:
    """Stop each old web process and start the new one at its port; the vendors come again."""
    for name in new.parts:
        _stop(old, [old.parts[name]])
        new.start(name)
    wait_until_ready(tuple(new.parts.values()), seconds=60)


def _stop(supervisor: Supervisor, parts: Sequence[Part]) -> None:
    for part in parts:
        supervisor.end(part.name)


def _serves(part: Part) -> bool:
    return part.name == "sandbox" or part.name.endswith("_web")


def _before_the_newest_migration() -> str:
    """Give the commit before the one that brought the newest migration."""
    words = ("git", "log", "-1", "--diff-filter=A", "--format=%H^", "--", MIGRATIONS)
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

"""The sides of the contract suites: fake and sandbox, or with `--live` a real test account.

A test that changes something at the vendor is marked `writes`, one that ships its note for good
`ships` as well. One that needs the vendor played, so that no real one can be asked, is `staged`.
"""

from collections.abc import Iterator

import pytest

from tests.contract.vendors.fake_sides import (
    fake_brightpearl,
    fake_consent,
    fake_shiphero,
    fake_tokens,
)
from tests.contract.vendors.live_settings import read_live_settings
from tests.contract.vendors.live_sides import LiveSides
from tests.contract.vendors.sandbox_process import Pair, Sandbox, running_sandbox
from tests.contract.vendors.sandbox_sides import (
    sandbox_brightpearl,
    sandbox_consent,
    sandbox_shiphero,
    sandbox_tokens,
)
from tests.contract.vendors.sides import (
    BrightpearlSide,
    ConsentSide,
    OpenNote,
    ShipHeroSide,
    TokensSide,
    Use,
)
from tests.contract.vendors.tidying import tidy_brightpearl, tidy_shiphero

VENDOR_OF = {
    "brightpearl": "brightpearl",
    "consent": "brightpearl",
    "shiphero": "shiphero",
    "tokens": "shiphero",
}
MARKERS = (
    "writes: changes something at the vendor",
    "ships: ships its note for good",
    "staged: needs the vendor played, a real one cannot be asked",
)
LIVE = pytest.StashKey[LiveSides]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the real accounts."""
    parser.addoption("--live", action="store_true", help="run against real test accounts alone")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Read the credentials before anything runs: what is missing is told at once."""
    if _is_live(session.config):
        session.config.stash[LIVE] = LiveSides(read_live_settings())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each promise against all sides."""
    sides = ["live"] if _is_live(metafunc.config) else ["fake", "sandbox"]
    for name in VENDOR_OF.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, sides, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a real account ask only what may be asked of it."""
    if not _is_live(config):
        return
    left_out = [item for item in items if not _may_run(item, config.stash[LIVE])]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what the real accounts were asked for."""
    if LIVE in config.stash:
        terminalreporter.write_line(config.stash[LIVE].told())


def _is_live(config: pytest.Config) -> bool:
    return bool(config.getoption("--live", default=False))


def _may_run(item: pytest.Item, live: LiveSides) -> bool:
    vendors = {VENDOR_OF[name] for name in VENDOR_OF.keys() & set(_fixtures_of(item))}
    if not vendors or not vendors <= live.settings.vendors:
        return False
    writes = item.get_closest_marker("writes") is not None
    return not item.get_closest_marker("staged") and (live.settings.writes or not writes)


def _fixtures_of(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start a sandbox of our own on a free port."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def pair(sandbox: Sandbox) -> Pair:
    """Make a merchant of the test's own, with budgets of its own."""
    return sandbox.make_pair()


@pytest.fixture
def brightpearl(request: pytest.FixtureRequest) -> Iterator[BrightpearlSide]:
    """One Brightpearl with open notes, tidied afterwards."""
    if request.param == "fake":
        side = fake_brightpearl()
    elif request.param == "sandbox":
        side = sandbox_brightpearl(*_sandbox_and_pair(request))
    else:
        side = request.config.stash[LIVE].brightpearl()
    yield side
    if request.node.get_closest_marker("writes"):
        tidy_brightpearl(side)


@pytest.fixture
def note(request: pytest.FixtureRequest, brightpearl: BrightpearlSide) -> OpenNote:
    """One open note; a real one is changed or shipped only where it was named for that."""
    if request.node.get_closest_marker("ships"):
        return brightpearl.open_note(Use.SHIPPED)
    writes = request.node.get_closest_marker("writes")
    return brightpearl.open_note(Use.WRITTEN if writes else Use.READ)


@pytest.fixture
def consent(request: pytest.FixtureRequest) -> ConsentSide:
    """One account at Brightpearl whose merchant approves."""
    if request.param == "fake":
        return fake_consent()
    if request.param == "sandbox":
        return sandbox_consent(*_sandbox_and_pair(request))
    return request.config.stash[LIVE].consent()


@pytest.fixture
def shiphero(request: pytest.FixtureRequest) -> Iterator[ShipHeroSide]:
    """One ShipHero that takes orders, tidied afterwards."""
    if request.param == "fake":
        side = fake_shiphero()
    elif request.param == "sandbox":
        side = sandbox_shiphero(*_sandbox_and_pair(request))
    else:
        side = request.config.stash[LIVE].shiphero()
    yield side
    if request.node.get_closest_marker("writes"):
        tidy_shiphero(side)


@pytest.fixture
def tokens(request: pytest.FixtureRequest) -> TokensSide:
    """ShipHero's token address."""
    if request.param == "fake":
        return fake_tokens()
    if request.param == "sandbox":
        return sandbox_tokens(*_sandbox_and_pair(request))
    return request.config.stash[LIVE].tokens()


def _sandbox_and_pair(request: pytest.FixtureRequest) -> tuple[Sandbox, Pair]:
    return request.getfixturevalue("sandbox"), request.getfixturevalue("pair")

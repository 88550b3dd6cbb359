"""A portal over a real database, with two merchants in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.db.engine import open_engine
from tests.integration.connecting.conftest import sandbox_process, vendors  # noqa: F401 - fixtures
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.merchants import Merchants, make_tables


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'portal.sqlite'}"
    url: str = request.getfixturevalue("database_url_postgresql")
    return url


@pytest.fixture
def merchants(database_url: str) -> Iterator[Merchants]:
    engine = open_engine(database_url)
    make_tables(engine)
    yield Merchants(engine)
    engine.dispose()


@pytest.fixture
def sqlite_merchants(tmp_path: Path) -> Iterator[Merchants]:
    engine = open_engine(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    make_tables(engine)
    yield Merchants(engine)
    engine.dispose()


@pytest.fixture
def portal(merchants: Merchants, vendors: Vendors) -> Merchants:  # noqa: F811 - the fixture
    """Give both merchants, in a portal whose vendors are the sandbox."""
    return _at_sandbox(merchants, vendors)


@pytest.fixture
def sqlite_portal(sqlite_merchants: Merchants, vendors: Vendors) -> Merchants:  # noqa: F811 - the fixture
    """Give the same where the database makes no difference."""
    return _at_sandbox(sqlite_merchants, vendors)


def _at_sandbox(merchants: Merchants, vendors: Vendors) -> Merchants:  # noqa: F811 - the fixture
    merchants.app = merchants.portal(
        brightpearl_client_id="goodsout-sandbox",
        brightpearl_client_secret="sandbox-client-secret",
        brightpearl_dev_ref="goodsout-dev",
        brightpearl_oauth_url=f"{vendors.url}/oauth",
        brightpearl_hosts=vendors.host,
        shiphero_url=vendors.url,
        portal_url="http://localhost",
    )
    return merchants

"""A portal over a real database, with two merchants in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from shared.db.engine import open_engine
from tests.integration.connecting.conftest import sandbox_process, vendors  # noqa: F401 - fixtures
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.merchants import Merchants
from tests.servers.tables import copied_sqlite


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = copied_sqlite(tmp_path / "portal.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(migrated_postgresql: str) -> Iterator[Engine]:
    engine = open_engine(migrated_postgresql)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def merchants(request: pytest.FixtureRequest) -> Merchants:
    return Merchants(request.getfixturevalue(f"{request.param}_engine"))


@pytest.fixture
def sqlite_merchants(sqlite_engine: Engine) -> Merchants:
    return Merchants(sqlite_engine)


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

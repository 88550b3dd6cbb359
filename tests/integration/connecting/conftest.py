"""A merchant who connects a real sandbox, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from deploy.embedded.free_ports import free_port
from tests.contract.sandbox.process import Process
from tests.integration.connecting.merchant import Merchant
from tests.integration.connecting.vendors import Vendors


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("sandbox")
    process = Process(folder / "state.sqlite", port=free_port(), smtp_port=free_port())
    process.start()
    yield process
    process.end()


@pytest.fixture
def vendors(sandbox_process: Process) -> Vendors:
    """Give the sandbox on its first day."""
    vendors = Vendors(sandbox_process)
    vendors.control("reset")
    vendors.control("calls/reset")
    return vendors


@pytest.fixture
def merchant(engine: Engine, vendors: Vendors) -> Merchant:
    return Merchant(engine, vendors)


@pytest.fixture
def postgresql_merchant(postgresql_engine: Engine, vendors: Vendors) -> Merchant:
    return Merchant(postgresql_engine, vendors)

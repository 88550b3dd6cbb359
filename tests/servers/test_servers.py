"""The private servers themselves: data survive, tests do not see each other, ways are named."""

import psycopg
import pytest

from shared.messaging.open import open_broker
from tests.servers import postgresql, rabbitmq, ways
from tests.servers.postgresql import plain, private_postgresql
from tests.servers.processes import NoServer


def test_postgresql_keeps_its_data_over_stop_kill_and_start() -> None:
    with private_postgresql() as server:
        with psycopg.connect(plain(server.url)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")

        server.stop()
        server.start()
        server.kill()
        server.start()
        with psycopg.connect(plain(server.url)) as connection:
            rows = connection.execute("SELECT n FROM kept").fetchall()

    assert rows == [(7,)]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_a_database_of_its_own(database_url_postgresql: str, turn: int) -> None:
    with psycopg.connect(plain(database_url_postgresql)) as connection:
        connection.execute("CREATE TABLE mine (turn integer)")  # an error if it were there
        written = connection.execute("INSERT INTO mine VALUES (%s)", [turn])

    assert written.rowcount == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_a_broker_of_its_own(broker_url_rabbitmq: str, turn: int) -> None:
    broker = open_broker(broker_url_rabbitmq)

    broker.declare()

    assert {depth.ready for depth in broker.depths()} == {0}, turn


def test_without_any_way_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql, "binaries", lambda: None)
    monkeypatch.setattr(rabbitmq, "binaries", lambda: None)
    monkeypatch.setattr(ways, "may_install", lambda: False)
    monkeypatch.setattr(ways, "engine", lambda: None)
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("TEST_BROKER_URL", raising=False)

    with pytest.raises(NoServer, match=r"apt-get install postgresql\).*TEST_DATABASE_URL"):
        ways.postgresql()
    with pytest.raises(NoServer, match=r"apt-get install rabbitmq-server\).*TEST_BROKER_URL"):
        ways.rabbitmq()


def test_a_server_that_is_given_is_used_and_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "binaries", lambda: None)
    monkeypatch.setattr(ways, "may_install", lambda: False)
    monkeypatch.setattr(ways, "engine", lambda: None)
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql+psycopg://somewhere/else")

    with private_postgresql() as server:
        url = server.url
        with pytest.raises(RuntimeError, match="not ours to stop"):
            server.stop()

    assert url == "postgresql+psycopg://somewhere/else"

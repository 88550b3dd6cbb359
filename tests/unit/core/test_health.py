"""The three routes that tell how a process is, and the deadline behind them."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared import health
from shared.deadline import Deadline
from shared.errors import OurTrouble
from shared.health import Check, health_routes


def client(**checks: Check) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(health_routes(checks))
    return app.test_client()


def fine() -> None:
    """Answer."""


def broken() -> None:
    raise OurTrouble("our database did not take it: OperationalError")


@pytest.fixture
def hanging() -> Iterator[Check]:
    """Give a check that hangs until the test is over."""
    over = threading.Event()

    def hang() -> None:
        over.wait(60)

    yield hang
    over.set()


def test_a_process_that_serves_is_alive_whatever_its_parts_do() -> None:
    assert client(database=broken).get("/livez").json == {"alive": True}


def test_a_process_whose_parts_answer_is_ready() -> None:
    answer = client(database=fine, broker=fine).get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"ready": True, "parts": {"database": "ok", "broker": "ok"}}


def test_a_part_that_does_not_answer_is_named() -> None:
    answer = client(database=broken, broker=fine).get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "parts": {
            "database": "our database did not take it: OperationalError", "broker": "ok",
        },
    }  # fmt: skip


def test_a_part_that_hangs_is_not_waited_for(
    hanging: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.05)
    asked = client(broker=hanging)

    answers = [asked.get("/readyz") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert answers[0].json == {
        "ready": False, "parts": {"broker": "our broker did not answer within 0.05 s"},
    }  # fmt: skip


def test_prometheus_is_given_what_was_counted() -> None:
    answer = client().get("/metrics")

    assert answer.status_code == 200
    assert "python_info" in answer.text


def test_work_within_the_deadline_gives_its_answer() -> None:
    assert Deadline(seconds=20, threads=1).run(lambda: 7) == 7


def test_the_works_own_error_comes_through() -> None:
    with pytest.raises(KeyError):
        Deadline(seconds=20, threads=1).run({}.popitem)


def test_work_that_had_not_begun_by_the_deadline_is_not_begun(hanging: Check) -> None:
    done: list[int] = []
    deadline = Deadline(seconds=0.05, threads=1)
    with pytest.raises(OurTrouble, match=r"did not answer within 0\.05 s"):
        deadline.run(hanging)

    with pytest.raises(OurTrouble):
        deadline.run(lambda: done.append(1))

    assert done == []

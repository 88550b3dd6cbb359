"""Alerts are opened once a cause and ended when it mends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from shared.alerts import Cause, end_alert, order_canceled, raise_alert, webhook_stopped
from shared.db.vendor_tables import Alert
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook

CAUSE = order_canceled(ACCOUNT, 501)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    book = Notebook(tmp_path)
    with book.session() as session:
        yield session
    book.engine.dispose()


def is_open(session: Session) -> list[tuple[str, bool]]:
    return [(one.subject, one.ended_at is None) for one in session.exec(select(Alert))]


def test_an_alert_is_opened_once_a_cause(session: Session) -> None:
    for cause in (CAUSE, CAUSE, order_canceled(ACCOUNT, 502)):
        raise_alert(session, cause, sentence="It was cancelled.", raised_at=NOON)

    assert is_open(session) == [("501", True), ("502", True)]


def test_an_alert_ends_alone(session: Session) -> None:
    for cause in (CAUSE, order_canceled(ACCOUNT, 502)):
        raise_alert(session, cause, sentence="It was cancelled.", raised_at=NOON)

    end_alert(session, CAUSE, now=NOON)

    assert is_open(session) == [("501", False), ("502", True)]


def test_what_ended_may_happen_again(session: Session) -> None:
    raise_alert(session, CAUSE, sentence="It was cancelled.", raised_at=NOON)
    end_alert(session, CAUSE, now=NOON)

    raise_alert(session, CAUSE, sentence="Once more.", raised_at=NOON)

    assert is_open(session) == [("501", False), ("501", True)]


def test_a_webhook_is_named_by_vendor_and_topic() -> None:
    expected = Cause(account_id=ACCOUNT, kind="webhook_unhealthy", subject="shiphero:Order")

    assert webhook_stopped(ACCOUNT, "shiphero", "Order") == expected

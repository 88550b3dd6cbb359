"""A connection breaks: everything is held, one alert is raised, and reconnecting releases it."""

from typing import Any

import pytest
from sqlmodel import select

from services.notifier.alerts import tell_one
from shared.connecting.alerts import tell_connection
from shared.db.vendor_tables import Alert
from shared.errors import ConnectionBroken
from shared.events import CONNECTION_BROKEN, CONNECTION_MENDED, RECONCILIATION_REQUESTED
from shared.journal.settle import hold as write_hold
from shared.journal.verdict import Hold, Retry
from shared.outcome import Held
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, Merchant

CAUSE = "connection_broken:brightpearl"


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    merchant.connect_brightpearl()
    return merchant


def refusal(merchant: Merchant) -> ConnectionBroken:
    """Meet the refusal of the present credentials."""
    with pytest.raises(ConnectionBroken) as raised:
        merchant.connections.brightpearl(ACCOUNT).warehouses()
    return raised.value


def end_held(merchant: Merchant, error: ConnectionBroken) -> list[Any]:
    """End an attempt at an event that met the refusal, as delivery does; gives what followed."""
    event, followed = merchant.event(), []
    verdict = merchant.refused(error)
    assert isinstance(verdict, Hold)
    with merchant.session() as session:
        held = Held(cause=verdict.cause, reason=verdict.reason, settings_version=0)
        write_hold(session, event, held, code=verdict.code, now=merchant.now())
        merchant.noticing(lambda *given: followed.append(given[2]))(
            session, event, verdict, merchant.now()
        )
        session.commit()
    return followed


def alerts(merchant: Merchant) -> list[Alert]:
    """Handle what was recorded about the connection, and read the alerts."""
    for name in (CONNECTION_BROKEN, CONNECTION_MENDED):
        for _ in merchant.events(name):
            with merchant.session() as session:
                tell_connection(session, ACCOUNT, BRIGHTPEARL, now=merchant.now())
                session.commit()
    with merchant.session() as session:
        return list(session.exec(select(Alert)))


def test_a_refusal_holds_the_event_and_marks_the_connection(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")

    [followed] = end_held(connected, refusal(connected))

    assert isinstance(followed, Hold)
    assert connected.held() == [CAUSE]
    assert connected.row().broken_since is not None


def test_many_refusals_raise_one_alert(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")
    for _ in range(3):
        end_held(connected, refusal(connected))

    [alert] = alerts(connected)

    assert len(connected.events(CONNECTION_BROKEN)) == 1
    assert alert.sentence.startswith("Brightpearl refuses our credentials")
    assert alert.ended_at is None


def test_reconnecting_releases_exactly_those_holds_and_ends_the_alert(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")
    end_held(connected, refusal(connected))
    connected.hold("warehouse_undecided:5")
    alerts(connected)

    connected.connect_brightpearl()

    assert connected.held() == ["warehouse_undecided:5"]
    assert len(connected.events(CONNECTION_MENDED)) == 1
    assert [alert.ended_at is None for alert in alerts(connected)] == [False]
    assert connected.events(RECONCILIATION_REQUESTED)


def test_a_late_refusal_of_older_credentials_breaks_nothing(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")
    late = refusal(connected)
    connected.connect_brightpearl()

    [followed] = end_held(connected, late)

    assert isinstance(followed, Retry)
    assert not followed.counts
    assert connected.held() == []
    assert connected.row().broken_since is None


def test_a_refusal_of_newer_credentials_after_a_renewal_does_break(connected: Merchant) -> None:
    """Renewing works, and still every call is refused: it must not go round for ever."""
    connected.vendors.control("accounts/demo/tokens/expire")
    connected.vendors.fault("brightpearl", "status", status=401, operation="get-warehouse", times=2)

    [followed] = end_held(connected, refusal(connected))

    assert isinstance(followed, Hold)
    assert connected.row().broken_since is not None


def test_not_connected_yet_and_connected_meanwhile_is_tried_at_once(merchant: Merchant) -> None:
    early = refusal(merchant)
    merchant.connect_brightpearl()

    [followed] = end_held(merchant, early)

    assert isinstance(followed, Retry)
    assert merchant.held() == []


def test_the_handler_tells_how_it_is_now(connected: Merchant) -> None:
    outcome = tell_one(connected.event(), tell=lambda _account, _vendor: "")

    assert outcome.summary == "The connection works."  # type: ignore[union-attr]

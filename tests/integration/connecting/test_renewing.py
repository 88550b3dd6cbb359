"""Credentials that end, move, are renewed by several at once, or are refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from shared.connections import Connections
from shared.errors import ConnectionBroken, OurTrouble, Transient
from shared.events import BRIGHTPEARL_CHECK_REQUESTED, CONNECTION_BROKEN
from shared.vendors.calls import Call
from tests.integration.connecting.merchant import ACCOUNT, SHIPHERO, Merchant

REFRESH = "token-refresh"


def warehouses(connections: Connections) -> int:
    return len(connections.brightpearl(ACCOUNT).warehouses())


@dataclass(frozen=True)
class Booking:
    """Lets every request out and writes down what was asked."""

    booked: list[str]

    def allowance(self, _account_id: UUID, _vendor: str) -> "Booking":
        """Give the same for every account."""
        return self

    def reserve(self, _cost: int) -> "Booking":
        """Let the request out."""
        return self

    def spent(self, call: Call) -> None:
        """Write down what was asked."""
        self.booked.append(call.operation)


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    merchant.connect_brightpearl()
    return merchant


def test_an_ended_token_is_renewed_and_the_call_repeated(connected: Merchant) -> None:
    before = connected.secrets()
    connected.vendors.control("accounts/demo/tokens/expire")

    assert warehouses(connected.connections)

    after, row = connected.secrets(), connected.row()
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    assert after["installation_instance_id"] == before["installation_instance_id"]
    assert (row.credentials_version, row.refreshing_by) == (2, None)


def test_a_renewal_counts_as_one_of_the_accounts_requests(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/expire")
    booked: list[str] = []

    warehouses(connected.process(allowances=Booking(booked)))

    assert booked == ["warehouses", REFRESH, "warehouses"]


def test_after_a_renewal_the_webhooks_are_looked_at(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/expire")

    warehouses(connected.connections)

    assert len(connected.events(BRIGHTPEARL_CHECK_REQUESTED)) == 2


@pytest.mark.parametrize("rotation", ["rotate", "keep", "rotate_with_grace"])
@pytest.mark.parametrize("early", ["new", "same"])
def test_every_way_of_rotating_is_followed_twice(
    connected: Merchant, rotation: str, early: str
) -> None:
    connected.vendors.turn(refresh_rotation=rotation, early_refresh=early)

    for _ in range(2):
        connected.vendors.control("accounts/demo/tokens/expire")
        assert warehouses(connected.connections)

    assert connected.row().credentials_version == 3


def test_many_threads_of_many_processes_renew_once(connected: Merchant) -> None:
    processes = [connected.process() for _ in range(3)]
    for process in processes:
        warehouses(process)
    connected.vendors.control("accounts/demo/tokens/expire")

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(warehouses, processes * 4))

    assert len(set(found)) == 1
    assert connected.vendors.calls(REFRESH) == 1


def test_a_process_with_older_credentials_takes_the_newer_ones(connected: Merchant) -> None:
    slow = connected.process()
    client = slow.brightpearl(ACCOUNT)
    connected.vendors.control("accounts/demo/tokens/expire")
    warehouses(connected.connections)

    assert client.warehouses()

    assert connected.vendors.calls(REFRESH) == 1


def test_an_account_that_moved_is_followed(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/move", data_centre="use1")

    assert warehouses(connected.connections)

    assert connected.row().base_url.startswith(f"http://{connected.vendors.second_host}/")


def test_a_move_to_a_foreign_host_breaks_the_connection(connected: Merchant) -> None:
    strict = connected.process(brightpearl_hosts=connected.vendors.host)
    connected.vendors.control("accounts/demo/move", data_centre="use1")

    with pytest.raises(ConnectionBroken, match="a host that is not its own") as raised:
        warehouses(strict)

    assert raised.value.code == "foreign_host"
    assert connected.row().broken_since is not None


def test_a_revoked_app_is_broken_with_one_event(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")

    for _ in range(3):
        with pytest.raises(ConnectionBroken) as raised:
            warehouses(connected.connections)

    assert raised.value.version == 1
    assert len(connected.events(CONNECTION_BROKEN)) == 1
    assert connected.vendors.calls(REFRESH) == 1


def test_a_silent_token_address_is_tried_again_later(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/expire")
    connected.vendors.fault("brightpearl", "outage", operation=REFRESH)

    with pytest.raises(Exception, match="token-refresh"):
        warehouses(connected.connections)

    assert connected.row().refreshing_by is None
    assert warehouses(connected.connections)


def test_an_answer_that_was_lost_is_no_lost_write(connected: Merchant) -> None:
    connected.vendors.turn(refresh_rotation="keep")
    connected.vendors.control("accounts/demo/tokens/expire")
    connected.vendors.fault("brightpearl", "drop_after", operation=REFRESH)

    with pytest.raises(Transient):
        warehouses(connected.connections)

    assert warehouses(connected.connections)


def test_a_lease_of_a_dead_process_runs_out(connected: Merchant) -> None:
    lease = connected.connections.renewal.lease
    with connected.session() as session:
        row = connected.row()
        row.refreshing_by, row.refreshing_until = "dead", connected.now() + lease
        session.add(row)
        session.commit()
    connected.vendors.control("accounts/demo/tokens/expire")
    waiting = connected.process()
    object.__setattr__(waiting.renewal, "wait", partial(_turn, connected))

    assert warehouses(waiting)


def _turn(merchant: Merchant, _seconds: float) -> None:
    merchant.ahead += timedelta(seconds=20)


def test_tokens_outlast_a_database_that_does_not_take_them(
    connected: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor has ended the old refresh token: without memory the account were lost."""
    renewal, troubles = connected.connections.renewal, [OurTrouble("locked")] * 6
    keep = type(renewal)._keep

    def locked(*given: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return keep(*given)

    monkeypatch.setattr(type(renewal), "_keep", locked)
    object.__setattr__(renewal, "wait", lambda _seconds: None)
    connected.vendors.control("accounts/demo/tokens/expire")
    with pytest.raises(OurTrouble):
        warehouses(connected.connections)

    assert warehouses(connected.connections)

    assert connected.vendors.calls(REFRESH) == 1


def test_what_a_person_connected_meanwhile_stays(
    connected: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal = connected.connections.renewal
    kept = type(renewal)._kept

    def reconnect_first(*given: Any) -> Any:
        connected.connect_brightpearl()
        return kept(*given)

    monkeypatch.setattr(type(renewal), "_kept", reconnect_first)
    connected.vendors.control("accounts/demo/tokens/expire")

    assert warehouses(connected.connections)

    assert connected.row().credentials_version == 2
    assert connected.vendors.calls("token-exchange") == 2


def test_shipheros_token_is_renewed_and_its_refresh_token_stays(merchant: Merchant) -> None:
    merchant.connect_shiphero()
    before = merchant.secrets(SHIPHERO)
    merchant.vendors.control("shiphero/accounts/51077/tokens/expire")

    assert merchant.connections.shiphero(ACCOUNT).account()

    after = merchant.secrets(SHIPHERO)
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] == before["refresh_token"]


@pytest.mark.parametrize("answer", ["401", "403", "400"])
def test_shipheros_refusal_to_renew_breaks_the_connection(merchant: Merchant, answer: str) -> None:
    merchant.connect_shiphero()
    merchant.vendors.turn(wrong_password_answer=answer)
    merchant.vendors.control("shiphero/accounts/51077/tokens/revoke")

    with pytest.raises(ConnectionBroken):
        merchant.connections.shiphero(ACCOUNT).account()

    assert merchant.row(SHIPHERO).broken_since is not None


def test_a_refusal_after_another_process_renewed_breaks_nothing(connected: Merchant) -> None:
    """It ran over its lease, so that the refresh token was used up by another."""
    slow, ask = connected.process(), connected.connections.renewal.ask["brightpearl"]

    def late(known: Any) -> Any:
        with connected.session() as session:
            row = connected.row()
            row.refreshing_until = connected.now() - timedelta(seconds=1)
            session.add(row)
            session.commit()
        warehouses(connected.connections)
        return ask(known)  # with the refresh token that has just ended

    object.__setattr__(slow.renewal, "ask", {"brightpearl": late})
    connected.vendors.control("accounts/demo/tokens/expire")

    assert warehouses(slow)

    assert connected.row().broken_since is None
    assert connected.vendors.calls("token-refused") == 1

"""The three steps of a new merchant, in every state of both vendors."""

from uuid import UUID

import pytest

from services.portal.connections.connection_view import ABSENT, BROKEN, CHOOSING, CONNECTED, Card
from services.portal.connections.wizard import is_first_time, next_endpoint, steps
from shared.connecting.stored import CHOOSING_CUSTOMER, USER
from shared.db.account_tables import VendorConnection
from tests.unit.core.notebook import NOON

BRIGHTPEARL_FORM, SHIPHERO_FORM = "connect.show_brightpearl", "connect.show_shiphero"


def cards(brightpearl: str, shiphero: str) -> list[Card]:
    return [a_card("brightpearl", brightpearl), a_card("shiphero", shiphero)]


def a_card(vendor: str, standing: str) -> Card:
    if standing == ABSENT:
        return Card(vendor=vendor, standing=standing, row=None)
    row = VendorConnection(
        account_id=UUID(int=1),
        vendor=vendor,
        base_url="https://vendor.test",
        kind=CHOOSING_CUSTOMER if standing == CHOOSING else USER,
        credentials="sealed",
        updated_at=NOON,
    )
    return Card(vendor=vendor, standing=standing, row=row)


@pytest.mark.parametrize(
    ("standings", "where"),
    [
        ((ABSENT, ABSENT), BRIGHTPEARL_FORM),
        ((ABSENT, CONNECTED), BRIGHTPEARL_FORM),
        ((CONNECTED, ABSENT), SHIPHERO_FORM),
        ((BROKEN, ABSENT), SHIPHERO_FORM),
        ((CONNECTED, CHOOSING), "connect.show_customers"),
        ((CONNECTED, CONNECTED), ""),
        ((CONNECTED, BROKEN), ""),
    ],
)
def test_the_next_step_is_the_first_that_is_not_done(
    standings: tuple[str, str], where: str
) -> None:
    assert next_endpoint(cards(*standings)) == where


def test_a_step_that_is_done_can_be_gone_back_to() -> None:
    shown = [(step.state, step.endpoint) for step in steps(cards(CONNECTED, ABSENT), 2)]

    assert shown == [("done", BRIGHTPEARL_FORM), ("here", ""), ("ahead", "")]


def test_setting_up_ends_when_both_have_been_connected_once() -> None:
    disconnected = cards(CONNECTED, CONNECTED)
    assert disconnected[1].row
    disconnected[1].row.credentials, disconnected[1].row.kind = "", ""

    assert is_first_time(cards(CONNECTED, ABSENT))
    assert is_first_time(cards(CONNECTED, CHOOSING))
    assert not is_first_time(cards(CONNECTED, BROKEN))
    assert not is_first_time(disconnected)

"""The fakes have the clients' own signatures, and keep state as the vendors do."""

import inspect
from datetime import UTC, datetime

import pytest

from shared.errors import Transient, UnknownOutcome
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.faults import AlreadyThere, VersionMoved
from shared.vendors.brightpearl.models import NewNoteShipping, NoteDetails
from shared.vendors.brightpearl.oauth import BrightpearlOAuth
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import ShipHeroTokens
from tests.builders import a_goods_out_note, a_new_order, a_sales_order, a_shiphero_order
from tests.fakes.vendor_logins import FakeBrightpearlOAuth, FakeShipHeroTokens
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero

AFTERNOON = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


def _calls(kind: type) -> dict[str, inspect.Signature]:
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {name: inspect.signature(one) for name, one in methods if not name.startswith("_")}


@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (Brightpearl, FakeBrightpearl),
        (BrightpearlOAuth, FakeBrightpearlOAuth),
        (ShipHero, FakeShipHero),
        (ShipHeroTokens, FakeShipHeroTokens),
    ],
)
def test_every_call_of_a_client_is_in_its_fake_with_the_same_signature(
    real: type, fake: type
) -> None:
    of_fake = _calls(fake)

    assert {name: of_fake.get(name) for name in _calls(real)} == _calls(real)


def test_a_note_is_shipped_once_and_then_closed() -> None:
    fake = FakeBrightpearl(a_goods_out_note(), a_sales_order())

    fake.write_details(501, NoteDetails(priority=True, shipping=NewNoteShipping(reference="1Z")))
    fake.add_shipped_event(501, occurred=AFTERNOON, event_owner_id=31, if_match=52)

    assert fake.notes[501].shipped
    assert fake.notes[501].shipping.reference == "1Z"
    assert fake.notes[501].shipping.shipping_method_id == 5
    with pytest.raises(AlreadyThere):
        fake.add_shipped_event(501, occurred=AFTERNOON, event_owner_id=31, if_match=None)


def test_an_older_version_is_refused() -> None:
    with pytest.raises(VersionMoved):
        FakeBrightpearl(a_goods_out_note()).add_shipped_event(
            501, occurred=AFTERNOON, event_owner_id=31, if_match=51
        )


def test_a_lost_answer_leaves_the_order_made() -> None:
    fake = FakeShipHero()
    fake.loses_answers = True

    with pytest.raises(UnknownOutcome):
        fake.create_order(a_new_order())

    assert [one.partner_order_id for one in fake.orders] == ["GO-demo-501"]


def test_asking_twice_makes_two_orders() -> None:
    fake = FakeShipHero()

    made = [fake.create_order(a_new_order()).id for _ in range(2)]

    assert made == ["SH-GO-demo-501", "SH-GO-demo-501-2"]


def test_an_outage_comes_before_anything_happens() -> None:
    fake = FakeShipHero()
    fake.fails_with = Transient("down")

    with pytest.raises(Transient):
        fake.create_order(a_new_order())

    assert (fake.orders, fake.calls) == ([], ["create_order"])


def test_the_warehouse_ships_with_one_parcel_for_each_number() -> None:
    fake = FakeShipHero(a_shiphero_order())

    fake.ship("SH-501", "A", "B")

    order = fake.order("SH-501")
    assert order is not None
    assert order.fulfilled
    assert [label.tracking_number for label in order.shipments[0].shipping_labels] == ["A", "B"]

"""What a merchant is told of a saving, beforehand and afterwards."""

from datetime import UTC, datetime

import pytest

from shared.accounts import MAPPED, NOT_SENT, Method, Warehouse
from shared.configuring.effect import Effect
from shared.configuring.looks import AT_MOST
from shared.configuring.words import NOTHING, was_done, will_do, will_wait
from tests.unit.core.notebook import NOON, settings

LEEDS = Warehouse(name="Leeds", decision=MAPPED, shiphero_id="W-1")
LEFT_OUT = Warehouse(name="Leeds", decision=NOT_SENT)
MAPPED_LEEDS = settings(warehouses={3: LEEDS}, methods={6: Method(name="Next day", title="x")})
LEFT_OUT_LEEDS = settings(warehouses={3: LEFT_OUT})
GO_LIVE = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (
            Effect(released={"order_sync_off": 37}),
            (
                "37 held orders waiting for order sync will be sent, "
                "as far as nothing else stands in the way."
            ),
        ),
        (
            Effect(released={"shipping_method_unmapped:6": 1}),
            (
                "1 held order waiting for shipping method Next day (6) to be mapped will be "
                "sent, as far as nothing else stands in the way."
            ),
        ),
        (
            Effect(released={"event_owner_unset": 1200}),
            (
                "1,200 held shipments waiting for somebody to ship in whose name will be "
                "written back to Brightpearl, as far as nothing else stands in the way."
            ),
        ),
        (
            Effect(looked_at_again={"warehouse_not_sent": 4}),
            "4 notes skipped because the warehouse was left out will be looked at again.",
        ),
        (
            Effect(looked_at_again={"before_go_live": AT_MOST}),
            "The newest 10,000 notes skipped as made before go-live will be looked at again.",
        ),
        (
            Effect(compared_from=GO_LIVE),
            "Brightpearl's notes since 1 Jul 2026 09:00 (Europe/London) will be compared.",
        ),
        (Effect(), NOTHING),
    ],
)
def test_an_effect_is_foreseen_in_a_sentence(effect: Effect, said: str) -> None:
    assert list(will_do(effect, MAPPED_LEEDS, zone="Europe/London")) == [said]


def test_afterwards_the_same_is_said_as_done() -> None:
    effect = Effect(
        released={"warehouse_undecided:3": 2},
        looked_at_again={"sku_unknown": 1},
        compared_from=GO_LIVE,
    )

    assert list(was_done(effect, MAPPED_LEEDS, zone="UTC")) == [
        (
            "2 held orders that waited for a decision on warehouse Leeds (3) are being sent, "
            "as far as nothing else stands in the way."
        ),
        "1 note failed because ShipHero did not know a SKU is looked at again.",
        "Brightpearl's notes since 1 Jul 2026 08:00 (UTC) are compared.",
    ]


def test_notes_of_a_warehouse_that_is_left_out_are_not_said_to_be_sent() -> None:
    effect = Effect(released={"warehouse_undecided:3": 2})

    [said] = will_do(effect, LEFT_OUT_LEEDS, zone="UTC")

    assert said.endswith("will be skipped: the warehouse is left out.")


def test_what_stops_is_told_too() -> None:
    before = settings(
        order_sync_on=True,
        shipment_sync_on=True,
        go_live_at=NOON,
        warehouses={3: LEEDS},
        methods={6: Method(name="Next day", title="x")},
    )
    after = settings(
        order_sync_on=False,
        shipment_sync_on=False,
        go_live_at=None,
        warehouses={3: LEFT_OUT},
        methods={6: Method(name="Next day")},
    )

    assert [sentence.partition(";")[0] for sentence in will_wait(before, after)] == [
        "New notes will wait until order sync is on again",
        "New shipments will wait until shipment sync is on again",
        "New notes will wait until a go-live time is set.",
        "New notes of warehouse Leeds (3) will not be sent.",
        "New notes with shipping method Next day (6) will wait.",
    ]
    assert list(will_wait(before, before)) == []

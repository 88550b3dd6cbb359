"""Checks of ShipHero's webhooks."""

import pytest

from shared.errors import Permanent, Transient, UnknownOutcome
from shared.vendors.shiphero.account_models import CreatedWebhook
from shared.vendors.shiphero.faults import AlreadyThere
from shared.webhooks.registration import forget_webhooks, remove_webhooks
from tests.fakes.vendors import FakeShipHero
from tests.integration.registration.shop import ShipHeroShop, foreign_shiphero

SHIPPED, CANCELED = "Shipment Update", "Order Canceled"
ALL = [CANCELED, "Order Allocated", "Return Update", SHIPPED]


def test_the_first_check_registers_every_topic_under_our_label(shiphero: ShipHeroShop) -> None:
    checked = shiphero.check()

    assert shiphero.is_sound()
    assert sorted(one.name for one in shiphero.vendor_side.hooks) == sorted(ALL)
    assert {one.shop_name for one in shiphero.vendor_side.hooks} == {shiphero.label}
    assert checked.gaps == {}


def test_a_second_check_changes_nothing(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.vendor_side.calls.clear()

    checked = shiphero.check()

    assert shiphero.vendor_side.calls == ["webhooks"]
    assert checked.summary == "4 webhooks found as they should be."


@pytest.mark.parametrize("fields", [{"enabled": False}, {"health": "UNHEALTHY"}])
def test_one_that_was_switched_off_is_made_again(
    shiphero: ShipHeroShop, fields: dict[str, object]
) -> None:
    shiphero.check()
    known_good = shiphero.books.clock()
    shiphero.books.clock.pass_(hours=5)
    shiphero.change(SHIPPED, **fields)

    checked = shiphero.check()

    assert shiphero.is_sound()
    assert checked.gaps == {SHIPPED: known_good}
    assert "was switched off by ShipHero" in checked.summary
    [alert] = shiphero.alerts(is_open=False)
    assert (alert.kind, alert.subject) == ("webhook_unhealthy", "shiphero:Shipment Update")


def test_the_alert_stays_open_while_it_cannot_be_mended(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.change(SHIPPED, enabled=False)
    shiphero.vendor_side.fails_on["create_webhook"] = Transient("an outage")

    for _ in range(2):
        with pytest.raises(Transient):
            shiphero.check()

    assert len(shiphero.alerts(is_open=True)) == 1


def test_a_warning_is_only_written_down(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.change(SHIPPED, health="WARNING")
    shiphero.vendor_side.calls.clear()

    shiphero.check()

    assert shiphero.vendor_side.calls == ["webhooks"]
    assert {row.topic: row.health for row in shiphero.rows()}[SHIPPED] == "WARNING"


def test_a_schema_that_tells_no_health_is_no_trouble(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    for topic in ALL:
        shiphero.change(topic, enabled=None, health=None)
    shiphero.vendor_side.calls.clear()

    shiphero.check()

    assert shiphero.vendor_side.calls == ["webhooks"]


def test_a_lost_secret_is_replaced_from_when_it_was_last_known(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.books.clock.pass_(hours=5)
    shiphero.forget(SHIPPED)
    shiphero.vendor_side.loses_answers = True
    with pytest.raises(UnknownOutcome):
        shiphero.check()
    shiphero.vendor_side.loses_answers = False

    checked = shiphero.check()

    assert shiphero.is_sound()
    assert list(checked.gaps) == [SHIPPED]


def test_one_with_another_address_is_replaced(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.base_url = "https://new.example.com"

    shiphero.check()

    assert shiphero.is_sound()
    assert shiphero.hook(SHIPPED).url.startswith("https://new.example.com/webhooks/shiphero/")


def test_one_the_list_hid_is_deleted_and_made_again(shiphero: ShipHeroShop) -> None:
    class Hides(FakeShipHero):
        def webhooks(self) -> tuple[CreatedWebhook, ...]:
            return ()

    shiphero.check()
    hiding = Hides()
    hiding.hooks = shiphero.vendor_side.hooks
    shiphero.vendor_side = hiding

    shiphero.check()

    assert shiphero.is_sound()


def test_one_that_is_there_and_cannot_be_deleted_is_tried_again(shiphero: ShipHeroShop) -> None:
    shiphero.vendor_side.fails_on["create_webhook"] = AlreadyThere("Webhook already exists")

    with pytest.raises(Transient, match="it is tried again"):
        shiphero.check()


def test_one_without_a_secret_in_the_answer_is_tried_again(shiphero: ShipHeroShop) -> None:
    class Silent(FakeShipHero):
        def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
            made = super().create_webhook(name=name, url=url, shop_name=shop_name)
            return made.model_copy(update={"shared_signature_secret": ""})

    telling, shiphero.vendor_side = shiphero.vendor_side, Silent()
    with pytest.raises(Transient, match="without telling its secret"):
        shiphero.check()
    telling.hooks = shiphero.vendor_side.hooks
    shiphero.vendor_side = telling

    shiphero.check()

    assert shiphero.is_sound()


@pytest.mark.parametrize("step", range(1, 13))
def test_a_crash_after_any_step_is_healed_by_the_next_check(
    shiphero: ShipHeroShop, step: int
) -> None:
    shiphero.check()
    known_good = shiphero.books.clock()
    shiphero.books.clock.pass_(hours=5)
    shiphero.change(SHIPPED, enabled=False)
    shiphero.forget(CANCELED)
    shiphero.vendor_side.hooks.append(
        foreign_shiphero(name="Inventory Update", shop_name=shiphero.label)
    )

    crashed = shiphero.crash_after(step, shiphero.look)
    checked = shiphero.check()

    # Two alerts, one deleted, two begun, made and kept, and one superfluous are ten steps.
    assert crashed == (step <= 10)
    assert shiphero.is_sound()
    assert checked.gaps == {SHIPPED: known_good, CANCELED: known_good}
    assert shiphero.alerts(is_open=True) == []


def test_what_is_not_ours_is_never_touched(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    ours = shiphero.hook(SHIPPED)
    foreign = [
        foreign_shiphero(),
        foreign_shiphero(name=CANCELED, shop_name=""),
        foreign_shiphero(shop_name=f"{shiphero.label}2"),
        foreign_shiphero(shop_name=shiphero.label.upper()),
        foreign_shiphero(shop_name="goodsout-acme", url=ours.url),
    ]
    shiphero.forget(SHIPPED)
    shiphero.vendor_side.hooks += foreign

    shiphero.check()
    remove_webhooks(shiphero.registrar, shiphero=shiphero.vendor_side)

    assert shiphero.vendor_side.hooks == foreign


def test_a_refused_topic_stops_no_other(shiphero: ShipHeroShop) -> None:
    class RefusesReturns(FakeShipHero):
        def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
            if name == "Return Update":
                raise Permanent("Return Update is for customers' accounts only")
            return super().create_webhook(name=name, url=url, shop_name=shop_name)

    shiphero.vendor_side = RefusesReturns()

    shiphero.check()

    assert len(shiphero.vendor_side.hooks) == 3
    [alert] = shiphero.alerts(is_open=True)
    assert alert.subject == "shiphero:Return Update"


def test_forgetting_ends_what_was_wrong(shiphero: ShipHeroShop) -> None:
    shiphero.check()
    shiphero.change(SHIPPED, enabled=False)
    shiphero.vendor_side.fails_on["create_webhook"] = Transient("an outage")
    with pytest.raises(Transient):
        shiphero.check()

    forget_webhooks(shiphero.registrar, "shiphero")

    assert shiphero.alerts(is_open=True) == []


def test_removing_leaves_nothing_and_retires_our_side(shiphero: ShipHeroShop) -> None:
    shiphero.check()

    removed = remove_webhooks(shiphero.registrar, shiphero=shiphero.vendor_side)

    assert removed == 4
    assert shiphero.vendor_side.hooks == []
    assert shiphero.rows() == []

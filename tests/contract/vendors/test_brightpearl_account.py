"""What our fake, the sandbox and Brightpearl promise alike about an account and its webhooks."""

import pytest

from shared.errors import Permanent
from shared.vendors.brightpearl.account_models import WEBHOOK_BODY, NewWebhook
from shared.vendors.brightpearl.order_models import NewOrderNote
from tests.contract.vendors.sides import BrightpearlSide, OpenNote

NOBODY = 999_999_999


def test_the_standing_lists_name_what_a_note_uses(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    client = brightpearl.client

    read = client.goods_out_notes([note.id])[note.id]

    assert read.warehouse_id in {one.id for one in client.warehouses()}
    assert read.shipping.shipping_method_id in {0, *(one.id for one in client.shipping_methods())}


def test_an_orders_channel_is_one_of_the_accounts(
    brightpearl: BrightpearlSide, note: OpenNote
) -> None:
    order = brightpearl.client.sales_orders([note.order_id])[note.order_id]

    assert order.channel_id in {0, *(one.id for one in brightpearl.client.channels())}


def test_everything_on_the_lists_has_a_name(brightpearl: BrightpearlSide) -> None:
    client = brightpearl.client

    names = [one.name for one in client.warehouses()]
    names += [one.name for one in client.shipping_methods()]
    names += [one.name for one in client.channels()]

    assert names
    assert all(names)


def test_the_configuration_names_zone_weight_unit_and_currency(
    brightpearl: BrightpearlSide,
) -> None:
    told = brightpearl.client.account_configuration()

    assert told.time_zone
    assert told.product_weight_unit
    assert len(told.base_currency_code) == 3


def test_staff_may_own_shipped_events(brightpearl: BrightpearlSide) -> None:
    found = brightpearl.client.staff_contacts()

    assert brightpearl.owner_id in {one.contact_id for one in found}


def test_an_orders_remarks_are_read(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    remarks = brightpearl.client.order_notes(note.order_id)

    assert all(one.note_id for one in remarks)


def test_webhooks_are_listed_even_when_there_is_none(brightpearl: BrightpearlSide) -> None:
    hooks = brightpearl.client.webhooks()

    assert brightpearl.hook_url not in {one.uri_template for one in hooks}
    assert all(one.id and one.subscribe_to for one in hooks)


@pytest.mark.writes
def test_a_remark_is_found_after_it_was_added(brightpearl: BrightpearlSide, note: OpenNote) -> None:
    text = f"[GO-{brightpearl.run}] contract test"

    made = brightpearl.client.add_order_note(note.order_id, NewOrderNote(text=text))

    remarks = {one.note_id: one for one in brightpearl.client.order_notes(note.order_id)}
    assert (remarks[made].text, remarks[made].is_public) == (text, False)


@pytest.mark.writes
def test_a_webhook_is_listed_as_it_was_made_until_it_is_deleted(
    brightpearl: BrightpearlSide,
) -> None:
    client = brightpearl.client
    new = NewWebhook(subscribe_to="goods-out-note", uri_template=brightpearl.hook_url)

    made = client.create_webhook(new)
    before = {hook.id: hook for hook in client.webhooks()}
    client.delete_webhook(made)

    assert before[made].uri_template == brightpearl.hook_url
    assert (before[made].subscribe_to, before[made].http_method) == ("goods-out-note", "POST")
    assert before[made].body_template == WEBHOOK_BODY
    assert (before[made].id_set_accepted, before[made].quality_of_service) == (True, 1)
    assert made not in {hook.id for hook in client.webhooks()}


@pytest.mark.writes
def test_the_same_webhook_twice_makes_two(brightpearl: BrightpearlSide) -> None:
    client = brightpearl.client
    new = NewWebhook(subscribe_to="product", uri_template=brightpearl.hook_url)

    made = {client.create_webhook(new), client.create_webhook(new)}

    assert made <= {hook.id for hook in client.webhooks()}
    assert len(made) == 2


@pytest.mark.writes
def test_a_webhook_that_is_not_there_is_as_good_as_deleted(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.delete_webhook(NOBODY)


@pytest.mark.writes
def test_a_webhook_for_an_event_nobody_raises_is_refused(brightpearl: BrightpearlSide) -> None:
    new = NewWebhook(subscribe_to="teapot.boiled", uri_template=brightpearl.hook_url)

    with pytest.raises(Permanent):
        brightpearl.client.create_webhook(new)

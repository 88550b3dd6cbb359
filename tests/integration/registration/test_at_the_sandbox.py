"""Webhooks that were mended are delivered: the real clients, the real sandbox, our endpoints."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.errors import UnknownOutcome
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.webhooks.registration import remove_webhooks
from tests.builders import a_new_order
from tests.integration.journal.books import Books
from tests.integration.registration.served import Post, Sandbox, a_post, a_sandbox
from tests.waiting import until

SHIPPED, CANCELED = "Shipment Update", "Order Canceled"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with a_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def post(books: Books, sandbox: Sandbox) -> Iterator[Post]:
    with a_post(books, sandbox) as post:
        yield post


def test_brightpearl_delivers_to_what_was_registered(post: Post) -> None:
    post.check_brightpearl()
    assert post.check_brightpearl().summary == "1 webhook found as they should be."

    note_id = post.make_note()

    until(lambda: str(note_id) in {row.subject for row in post.events(GOODS_OUT_NOTES_ANNOUNCED)})


def test_after_brightpearl_forgot_everything_it_delivers_again(post: Post) -> None:
    post.check_brightpearl()
    post.sandbox.control("accounts/demo/webhooks/forget", {})

    checked = post.check_brightpearl()

    note_id = post.make_note()
    until(lambda: str(note_id) in {row.subject for row in post.events(GOODS_OUT_NOTES_ANNOUNCED)})
    assert list(checked.gaps) == ["goods-out-note"]


def test_brightpearl_s_doubled_webhooks_become_one_and_foreign_ones_stay(post: Post) -> None:
    foreign = NewWebhook(subscribe_to="goods-out-note", uri_template="http://127.0.0.1:9/foreign")
    foreign_id = post.brightpearl.create_webhook(foreign)
    post.check_brightpearl()
    [ours] = [
        one
        for one in post.brightpearl.webhooks()
        if one.subscribe_to == "goods-out-note" and one.id != foreign_id
    ]
    post.brightpearl.create_webhook(
        NewWebhook(subscribe_to="goods-out-note", uri_template=ours.uri_template)
    )

    checked = post.check_brightpearl()
    remove_webhooks(post.registrar, brightpearl=post.brightpearl)

    assert checked.removed == 1
    assert [one.id for one in post.brightpearl.webhooks()] == [foreign_id]


def test_one_whose_answer_brightpearl_cut_off_is_kept(post: Post) -> None:
    fault = {"vendor": "brightpearl", "kind": "drop_after", "operation": "post-webhook"}
    post.sandbox.control("faults", fault)
    with pytest.raises(UnknownOutcome):
        post.check_brightpearl()

    post.check_brightpearl()

    assert len(post.brightpearl.webhooks()) == 1


def test_shiphero_delivers_to_what_was_registered(post: Post) -> None:
    post.check_shiphero()
    assert post.check_shiphero().summary == "4 webhooks found as they should be."

    _cancel_an_order(post)

    until(lambda: post.events(SHIPHERO_WEBHOOK_RECEIVED))


@pytest.mark.parametrize("topic", [SHIPPED, CANCELED])
def test_one_that_shiphero_switched_off_delivers_again(post: Post, topic: str) -> None:
    post.check_shiphero()
    _declare_unhealthy(post, topic)

    checked = post.check_shiphero()

    _cancel_an_order(post)
    until(lambda: post.events(SHIPHERO_WEBHOOK_RECEIVED))
    assert list(checked.gaps) == [topic]
    assert {one.health for one in post.shiphero.webhooks()} == {"HEALTHY"}


def test_an_older_schema_tells_no_health_and_is_no_trouble(post: Post) -> None:
    post.sandbox.control("switches", {"newer_schema": False})

    post.check_shiphero()

    assert post.check_shiphero().summary == "4 webhooks found as they should be."


def test_one_whose_secret_was_cut_off_is_made_again_and_delivers(post: Post) -> None:
    fault = {"vendor": "shiphero", "kind": "drop_after", "operation": "webhook_create"}
    post.sandbox.control("faults", fault)
    with pytest.raises(UnknownOutcome):
        post.check_shiphero()

    post.check_shiphero()

    _cancel_an_order(post)
    until(lambda: post.events(SHIPHERO_WEBHOOK_RECEIVED))


def test_shiphero_s_foreign_webhooks_stay(post: Post) -> None:
    url = f"{post.sandbox.address}/control/health"
    for name, label in ((SHIPPED, "other"), (SHIPPED, "goodsout-acme"), ("PO Update", "other")):
        post.shiphero.create_webhook(name=name, url=url, shop_name=label)

    post.check_shiphero()
    removed = remove_webhooks(post.registrar, shiphero=post.shiphero)

    assert removed == 4
    assert {one.shop_name for one in post.shiphero.webhooks()} == {"other", "goodsout-acme"}
    assert len(post.shiphero.webhooks()) == 3


def _declare_unhealthy(post: Post, topic: str) -> None:
    [hook] = [one for one in post.shiphero.webhooks() if one.name == topic]
    path = f"shiphero/webhooks/{hook.legacy_id}/health"
    post.sandbox.control(path, {"health": "UNHEALTHY"})


def _cancel_an_order(post: Post) -> Any:
    order = post.shiphero.create_order(a_new_order(partner_order_id="GO-acme-501"))
    return post.shiphero.cancel_order(order.id, reason="a test")

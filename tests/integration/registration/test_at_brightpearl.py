"""Checks of Brightpearl's webhooks."""

from datetime import timedelta

import pytest

from shared.errors import Permanent, UnknownOutcome
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.webhooks.address import read_address
from shared.webhooks.registration import forget_webhooks, remove_webhooks
from tests.fakes.vendors import FakeBrightpearl
from tests.integration.registration.shop import BrightpearlShop, foreign_brightpearl

NOTES, PRODUCTS = "goods-out-note", "product"


class RefusesProducts(FakeBrightpearl):
    """A Brightpearl that knows no event of products."""

    def create_webhook(self, new: NewWebhook) -> int:
        """Refuse what is about products."""
        if new.subscribe_to == PRODUCTS:
            raise Permanent("INTC-064 product cannot be subscribed to")
        return super().create_webhook(new)


def test_the_first_check_registers_one_webhook_a_topic(brightpearl: BrightpearlShop) -> None:
    checked = brightpearl.check()

    assert brightpearl.is_sound()
    assert checked.gaps == {}
    hook = brightpearl.hook(NOTES)
    assert (hook.quality_of_service, hook.id_set_accepted, hook.http_method) == (1, True, "POST")
    assert hook.uri_template.startswith("https://hooks.example.com/webhooks/brightpearl/")


def test_the_secret_is_kept_before_the_webhook_is_made(brightpearl: BrightpearlShop) -> None:
    class Looks(FakeBrightpearl):
        def create_webhook(self, new: NewWebhook) -> int:
            told = read_address(new.uri_template).path_digest
            known.append(told in {row.path_digest for row in brightpearl.rows()})
            return super().create_webhook(new)

    known: list[bool] = []
    brightpearl.vendor_side = Looks()

    brightpearl.check()

    assert known == [True, True]


def test_a_second_check_changes_nothing(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    brightpearl.vendor_side.calls.clear()

    checked = brightpearl.check()

    assert brightpearl.vendor_side.calls == ["webhooks"]
    assert checked.summary == "2 webhooks found as they should be."


def test_a_forgotten_webhook_is_made_again_and_its_gap_named(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    known_good = brightpearl.books.clock()
    brightpearl.books.clock.pass_(hours=5)
    brightpearl.vendor_side.hooks.clear()

    checked = brightpearl.check()

    assert brightpearl.is_sound()
    assert checked.gaps == {NOTES: known_good, PRODUCTS: known_good}
    assert "was gone from Brightpearl" in checked.summary
    assert [one.subject for one in brightpearl.alerts(is_open=True)] == []
    assert len(brightpearl.alerts(is_open=False)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"quality_of_service": 0},
        {"id_set_accepted": False},
        {"http_method": "GET"},
        {"body_template": "{}"},
        {"body_template": "no JSON"},
        {"content_type": "text/plain"},
        {"subscribe_to": "goods-out-note.created"},
    ],
)
def test_a_changed_webhook_is_replaced(
    brightpearl: BrightpearlShop, fields: dict[str, object]
) -> None:
    brightpearl.check()
    brightpearl.change(NOTES, **fields)
    brightpearl.vendor_side.calls.clear()

    brightpearl.check()

    assert brightpearl.is_sound()
    assert brightpearl.vendor_side.calls == ["webhooks", "create_webhook", "delete_webhook"]


def test_a_template_written_in_another_way_is_the_same(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    spaced = brightpearl.hook(NOTES).body_template.replace(":", " : ").replace(",", ",\n")
    brightpearl.change(NOTES, body_template=spaced)
    brightpearl.vendor_side.calls.clear()

    brightpearl.check()

    assert brightpearl.vendor_side.calls == ["webhooks"]


def test_another_public_address_replaces_the_old_webhooks(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    brightpearl.base_url = "https://new.example.com"

    brightpearl.check()

    assert brightpearl.is_sound()
    assert brightpearl.hook(NOTES).uri_template.startswith("https://new.example.com/webhooks/")


def test_a_topic_no_longer_followed_is_removed(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    brightpearl.topics = (NOTES,)

    brightpearl.check()

    assert [one.subscribe_to for one in brightpearl.vendor_side.hooks.values()] == [NOTES]
    assert [row.topic for row in brightpearl.rows()] == [NOTES]


def test_of_doubled_webhooks_the_known_one_stays(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    known = brightpearl.hook(NOTES)
    brightpearl.vendor_side.hooks[1] = known.model_copy(update={"id": 1})

    checked = brightpearl.check()

    assert brightpearl.is_sound()
    assert brightpearl.hook(NOTES) == known
    assert checked.summary == "1 webhook of ours too many removed."


def test_one_whose_answer_was_lost_is_found_and_kept(brightpearl: BrightpearlShop) -> None:
    brightpearl.vendor_side.loses_answers = True
    with pytest.raises(UnknownOutcome):
        brightpearl.check()
    brightpearl.vendor_side.loses_answers = False
    made = brightpearl.hook(NOTES)

    brightpearl.check()

    assert brightpearl.is_sound()
    assert brightpearl.hook(NOTES) == made


@pytest.mark.parametrize("step", range(1, 12))
def test_a_crash_after_any_step_is_healed_by_the_next_check(
    brightpearl: BrightpearlShop, step: int
) -> None:
    brightpearl.check()
    known_good = brightpearl.books.clock()
    brightpearl.books.clock.pass_(hours=5)
    brightpearl.change(NOTES, quality_of_service=0)
    del brightpearl.vendor_side.hooks[brightpearl.hook(PRODUCTS).id]

    crashed = brightpearl.crash_after(step, brightpearl.look)
    checked = brightpearl.check()

    # Two alerts, two rows begun, made and kept, and one webhook removed are nine steps.
    assert crashed == (step <= 9)
    assert brightpearl.is_sound()
    assert checked.gaps == {NOTES: known_good, PRODUCTS: known_good}
    assert brightpearl.alerts(is_open=True) == []


def test_what_is_not_ours_is_never_touched(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    ours = brightpearl.hook(NOTES).uri_template
    foreign = {
        1: foreign_brightpearl(1),
        2: foreign_brightpearl(2, uri_template=f"{ours}/deeper"),
        3: foreign_brightpearl(3, uri_template="https://hooks.example.com/webhooks/brightpearl/x"),
        4: foreign_brightpearl(4, uri_template=""),
        5: foreign_brightpearl(5, uri_template=ours.swapcase()),
    }
    brightpearl.vendor_side.hooks |= foreign
    del brightpearl.vendor_side.hooks[brightpearl.hook(PRODUCTS).id]

    brightpearl.check()
    remove_webhooks(brightpearl.registrar, brightpearl=brightpearl.vendor_side)

    assert brightpearl.vendor_side.hooks == foreign


def test_a_refused_product_webhook_stops_no_other(brightpearl: BrightpearlShop) -> None:
    brightpearl.vendor_side = RefusesProducts()

    checked = brightpearl.check()

    assert [row.topic for row in brightpearl.rows() if row.vendor_webhook_id] == [NOTES]
    assert "INTC-064" in checked.summary
    [alert] = brightpearl.alerts(is_open=True)
    assert alert.subject == "brightpearl:product"


def test_what_cannot_be_replaced_stays(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    brightpearl.change(PRODUCTS, quality_of_service=0)
    held = brightpearl.vendor_side.hooks
    brightpearl.vendor_side = RefusesProducts()
    brightpearl.vendor_side.hooks = dict(held)

    brightpearl.check()

    assert brightpearl.vendor_side.hooks == held


def test_a_refused_webhook_for_notes_ends_the_check(brightpearl: BrightpearlShop) -> None:
    brightpearl.vendor_side.fails_on["create_webhook"] = Permanent("refused")

    with pytest.raises(Permanent):
        brightpearl.check()


def test_removing_leaves_nothing_and_retires_our_side(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()

    removed = remove_webhooks(brightpearl.registrar, brightpearl=brightpearl.vendor_side)

    assert removed == 2
    assert brightpearl.vendor_side.hooks == {}
    assert brightpearl.rows() == []


def test_forgetting_asks_no_vendor(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    brightpearl.vendor_side.calls.clear()

    forget_webhooks(brightpearl.registrar, "brightpearl")

    assert brightpearl.rows() == []
    assert brightpearl.vendor_side.calls == []


def test_after_a_removal_the_next_check_registers_anew(brightpearl: BrightpearlShop) -> None:
    brightpearl.check()
    remove_webhooks(brightpearl.registrar, brightpearl=brightpearl.vendor_side)
    brightpearl.books.clock.time += timedelta(days=1)

    checked = brightpearl.check()

    assert brightpearl.is_sound()
    assert checked.gaps == {}

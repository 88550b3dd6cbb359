"""What shiphero_push does with goods-out notes."""

from dataclasses import replace

import pytest
from sqlmodel import select

from services.shiphero_push.handler import push_goods_out_notes, report_destroyed
from shared.accounts import NOT_SENT, UNDECIDED, Warehouse
from shared.db.note_tables import OrderLink
from shared.db.portal_tables import NotePerson
from shared.errors import ConnectionBroken, OurTrouble, Permanent, Throttled, Transient
from shared.events import GOODS_OUT_NOTE_DESTROYED
from shared.outcome import Busy, Delivered, Held, Outcome, Skipped
from shared.vendors.brightpearl.order_models import Parties, Party
from tests.builders import a_goods_out_note, a_party, a_sales_order, an_order_row
from tests.fakes.vendors import FakeBrightpearl
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event
from tests.unit.shiphero_push.pushing import PERSONS, Pushing

DESTROYED = an_event(name=GOODS_OUT_NOTE_DESTROYED)


def test_a_note_becomes_an_order_of_exactly_its_lines(pushing: Pushing) -> None:
    outcome = pushing.push()

    assert outcome == Delivered(reference="SH-GO-demo-501", summary="Order WEB-4001 at ShipHero.")
    [order] = pushing.shiphero.asked
    assert [(line.sku, line.quantity) for line in order.line_items] == [("TEA-EARL", 2)]
    assert order.partner_order_id == "GO-demo-501"


def test_the_link_and_the_sync_log_know_the_order(pushing: Pushing) -> None:
    pushing.push()

    [link] = pushing.book.links()
    assert (link.key, link.shiphero_order_id, link.adopted, link.linked_at) == (
        "GO-demo-501", "SH-GO-demo-501", False, NOON,
    )  # fmt: skip
    row = pushing.book.row()
    assert (row.customer_reference, str(row.total), row.currency) == ("WEB-4001", "16.2000", "GBP")
    assert (row.shiphero_order_id, row.shipping_method_sent, row.synced_at) == (
        "SH-GO-demo-501", "Standard / ups / g", NOON,
    )  # fmt: skip


def test_a_note_that_is_read_is_found_by_whoever_bought_receives_or_pays(
    pushing: Pushing,
) -> None:
    parties = Parties(
        customer=a_party(), delivery=a_party(address_full_name="Bo Reed"), billing=Party()
    )
    pushing.brightpearl = FakeBrightpearl(a_goods_out_note(), a_sales_order(parties=parties))

    pushing.push()

    known = ("ida@example.com", "Ida Moss", "Bo Reed", "Moss & Fern")
    with pushing.book.session() as session:
        kept = session.exec(select(NotePerson)).all()
    assert {one.digest for one in kept} == PERSONS.kept(ACCOUNT, *known)
    assert {(one.note_id, one.kept_at) for one in kept} == {(501, NOON)}


def test_the_same_note_twice_makes_one_order(pushing: Pushing) -> None:
    first = pushing.push()

    assert pushing.push() == first
    assert len(pushing.shiphero.orders) == 1


def test_several_events_about_one_note_become_one_look(pushing: Pushing) -> None:
    events = [an_event(), an_event(), an_event()]

    [unit] = push_goods_out_notes(events, desk=pushing.desk)

    assert unit.events == tuple(events)


def test_notes_and_orders_of_a_group_are_each_read_once(book: Notebook) -> None:
    notes = [a_goods_out_note(id=one, order_id=4000 + one) for one in range(1, 51)]
    orders = [a_sales_order(id=4000 + one, reference=f"WEB-{one}") for one in range(1, 51)]
    pushing = Pushing(book, *notes, *orders)

    pushing.push_all(*range(1, 51))

    assert pushing.brightpearl.calls == ["goods_out_notes", "sales_orders"]
    assert pushing.shiphero.calls == ["create_order"] * 50


def test_one_bad_note_of_five_leaves_the_others(book: Notebook) -> None:
    bad = an_order_row(product_sku="")
    notes = [a_goods_out_note(id=one, order_id=4000 + one) for one in range(1, 6)]
    orders = [a_sales_order(*([bad] if one == 3 else []), id=4000 + one) for one in range(1, 6)]
    pushing = Pushing(book, *notes, *orders)

    ends = pushing.push_all(1, 2, 3, 4, 5)

    assert {key: type(end) for key, end in ends.items()} == {
        "1": Delivered, "2": Delivered, "3": Permanent, "4": Delivered, "5": Delivered,
    }  # fmt: skip
    assert len(pushing.shiphero.orders) == 4


def test_several_notes_of_one_order_have_numbers_of_their_own(book: Notebook) -> None:
    notes = [a_goods_out_note(id=500 + one, sequence=one) for one in (1, 2, 3)]
    pushing = Pushing(book, a_sales_order(), *notes)

    pushing.push_all(501, 502, 503)

    numbers = [order.order_number for order in pushing.shiphero.asked]
    assert numbers == ["WEB-4001", "WEB-4001-2", "WEB-4001-3"]


def test_a_note_that_we_shipped_ourselves_needs_no_vendor_call(pushing: Pushing) -> None:
    pushing.book.mark_shipped_by_us()

    outcome = pushing.push()

    assert outcome == Skipped(code="echo", reason="Goodsout itself shipped note 501.")
    assert pushing.brightpearl.calls == pushing.shiphero.calls == []


def test_a_note_that_is_being_written_is_not_read(pushing: Pushing) -> None:
    pushing.push()
    pushing.brightpearl.calls.clear()
    pushing.shiphero.calls.clear()

    with pushing.book.notes_of("shipment_return").leased(501):
        outcome = pushing.push()

    assert isinstance(outcome, Busy)
    assert pushing.brightpearl.calls == pushing.shiphero.calls == []


def test_a_note_that_is_to_be_sent_anew_is_read_again(pushing: Pushing) -> None:
    pushing.push()
    [link] = pushing.book.links()
    again = OrderLink(
        account_id=link.account_id,
        note_id=501,
        generation=2,
        key="GO-demo-501.2",
        order_number="WEB-4001",
        intended_at=NOON,
    )
    pushing.book.keep(again)
    pushing.brightpearl.calls.clear()

    pushing.fail()

    assert pushing.brightpearl.calls == ["goods_out_notes", "sales_orders"]


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ({"transfer": True, "order_id": 0}, "stock_transfer"),
        ({"shipped": True}, "already_shipped"),
        ({"created_on": NOON.replace(year=2025)}, "before_go_live"),
        ({"warehouse_id": 9}, "warehouse_not_sent"),
    ],
)
def test_a_note_that_is_not_ours_to_send_is_skipped(
    book: Notebook, note: dict[str, object], code: str
) -> None:
    pushing = Pushing(book, a_goods_out_note(**note), a_sales_order())
    left_out = Warehouse(name="Shop", decision=NOT_SENT)
    warehouses = {**pushing.settings.warehouses, 9: left_out}
    pushing.settings = replace(pushing.settings, warehouses=warehouses)

    outcome = pushing.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == code
    assert pushing.shiphero.calls == []


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"order_sync_on": False}, "order_sync_off"),
        ({"go_live_at": None}, "go_live_unset"),
        ({"warehouses": {}}, "warehouse_undecided:2"),
        ({"warehouses": {2: Warehouse(name="Main", decision=UNDECIDED)}}, "warehouse_undecided:2"),
        ({"methods": {}}, "shipping_method_unmapped:5"),
    ],
)
def test_a_missing_setting_holds_the_note(
    pushing: Pushing, changed: dict[str, object], cause: str
) -> None:
    pushing.settings = replace(pushing.settings, **changed)  # type: ignore[arg-type]

    outcome = pushing.push()

    assert isinstance(outcome, Held)
    assert (outcome.cause, outcome.settings_version) == (cause, 3)
    assert pushing.shiphero.calls == []


def test_a_missing_note_is_tried_again_and_never_taken_for_deleted(book: Notebook) -> None:
    pushing = Pushing(book, a_sales_order())

    with pytest.raises(Transient, match="does not show note 501") as raised:
        pushing.push()

    assert raised.value.code == "note_not_found"


def test_a_missing_sales_order_is_tried_again(book: Notebook) -> None:
    pushing = Pushing(book, a_goods_out_note())

    with pytest.raises(Transient, match="does not show sales order 4001"):
        pushing.push()


@pytest.mark.parametrize(
    "outage",
    [
        Transient("ShipHero is down", retry_after=12),
        Throttled("ShipHero is busy", until=NOON),
        ConnectionBroken("ShipHero refused us", vendor="shiphero"),
        OurTrouble("the disk is full"),
    ],
)
def test_an_outage_passes_through(pushing: Pushing, outage: Exception) -> None:
    pushing.shiphero.fails_with = outage  # type: ignore[assignment]

    assert pushing.fail() is outage


def test_an_outage_of_brightpearl_passes_through_for_the_whole_group(pushing: Pushing) -> None:
    pushing.brightpearl.fails_with = Throttled("Brightpearl is busy", until=NOON)

    with pytest.raises(Throttled):
        push_goods_out_notes([an_event()], desk=pushing.desk)


def test_a_note_in_anothers_hands_comes_back_and_nothing_is_written(pushing: Pushing) -> None:
    with pushing.book.notes_of("another").leased(501):
        outcome = pushing.push()

    assert outcome == Busy(reason="Another delivery works on note 501.")
    assert pushing.shiphero.calls == []


def test_the_note_is_given_back_after_a_failure(pushing: Pushing) -> None:
    pushing.shiphero.fails_with = Transient("down")
    pushing.fail()
    pushing.shiphero.fails_with = None

    assert isinstance(pushing.push(), Delivered)


def test_a_deleted_note_that_was_never_sent_is_skipped(pushing: Pushing) -> None:
    [unit] = report_destroyed([DESTROYED], desk=pushing.desk)

    assert unit.run() == Skipped(
        code="note_deleted", reason="The note was deleted before it was sent."
    )


def test_a_note_known_as_deleted_is_not_sent_however_late_it_was_read(pushing: Pushing) -> None:
    [unit] = push_goods_out_notes([an_event(subject="501")], desk=pushing.desk)
    [deletion] = report_destroyed([DESTROYED], desk=pushing.desk)
    deletion.run()

    outcome = unit.run()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "note_deleted"
    assert pushing.shiphero.calls == []


def test_a_note_without_a_method_leaves_the_choice_to_the_warehouse(book: Notebook) -> None:
    shipping = a_goods_out_note().shipping.model_copy(update={"shipping_method_id": 0})
    pushing = Pushing(book, a_goods_out_note(shipping=shipping), a_sales_order())

    outcome: Outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert pushing.shiphero.asked[0].shipping_lines.title == "Standard"

"""What a rehearsal finds is what sending does: the same reasons, and the very same order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from shared.accounts import NOT_SENT, UNDECIDED, Method, Warehouse
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.outcome import Delivered, Held, Later, Skipped
from shared.pushing.comparing import flat, otherwise, told
from shared.pushing.rehearsal import KnownSkus, Rehearsal, rehearse
from shared.vendors.brightpearl.models import GoodsOutNote, NoteRow, NoteShipping
from shared.vendors.brightpearl.order_models import OrderDelivery, Parties, SalesOrder
from tests.builders import MORNING, a_goods_out_note, a_party, a_sales_order, an_order_row
from tests.unit.core.notebook import NOON, Notebook, settings
from tests.unit.shiphero_push.pushing import KNOWN_SKUS, Pushing

NOWHERE = a_party(address_line1="", address_line2="", country_iso_code="", country_iso_code3="")
HALF = {8001: (NoteRow(product_id=1501, quantity=Decimal("0.5"), location_id=2),)}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A note, its sales order and settings, and what comes of it."""

    name: str
    note: Mapping[str, Any] = field(default_factory=dict)
    order: SalesOrder = field(default_factory=a_sales_order)
    chosen: Mapping[str, Any] = field(default_factory=dict)
    outcome: str
    code: str = ""


CASES = (
    Case(name="as usual", outcome="would_send"),
    Case(
        name="with all that may be set",
        note={"priority": True, "release_date": NOON.replace(year=2027)},
        order=a_sales_order(
            delivery=OrderDelivery(delivery_date=MORNING.replace(month=4)),
            custom_fields={"PCF_PACK": "Wrap it", "PCF_GIFT": "For Ida"},
        ),
        chosen={
            "packing_note_field": "PCF_PACK",
            "gift_note_field": "PCF_GIFT",
            "channel_as": "tag",
            "channels": {1: "Web shop"},
            "order_number_template": "{order_id}-{note_id}",
        },
        outcome="would_send",
    ),
    Case(
        name="kept back",
        note={"release_date": NOON.replace(year=2027)},
        chosen={"release_policy": "keep_back"},
        outcome="would_send",
        code="kept_back",
    ),
    Case(name="a transfer", note={"transfer": True}, outcome="skipped", code="stock_transfer"),
    Case(name="shipped", note={"shipped": True}, outcome="skipped", code="already_shipped"),
    Case(
        name="before go-live",
        chosen={"go_live_at": NOON},
        outcome="skipped",
        code="before_go_live",
    ),
    Case(
        name="left out",
        chosen={"warehouses": {2: Warehouse(name="Main", decision=NOT_SENT)}},
        outcome="skipped",
        code="warehouse_not_sent",
    ),
    Case(
        name="undecided",
        chosen={"warehouses": {2: Warehouse(name="Main", decision=UNDECIDED)}},
        outcome="held",
        code="warehouse_undecided",
    ),
    Case(name="off", chosen={"order_sync_on": False}, outcome="held", code="order_sync_off"),
    Case(name="unset", chosen={"go_live_at": None}, outcome="held", code="go_live_unset"),
    Case(
        name="unmapped",
        chosen={"methods": {5: Method(name="Standard")}},
        outcome="held",
        code="shipping_method_unmapped",
    ),
    Case(name="nothing", note={"order_rows": {}}, outcome="failed", code="note_without_rows"),
    Case(name="half", note={"order_rows": HALF}, outcome="failed", code="fractional_quantity"),
    Case(
        name="nowhere",
        order=a_sales_order(parties=Parties(customer=a_party(), delivery=NOWHERE)),
        outcome="failed",
        code="address_missing",
    ),
    Case(
        name="unknown SKU",
        order=a_sales_order(an_order_row(product_sku="TEA-NEW")),
        outcome="failed",
        code="sku_unknown",
    ),
)


def _rehearsed(case: Case) -> Rehearsal:
    return rehearse(
        a_goods_out_note(**case.note),
        case.order,
        key=NoteKey(account="demo", note_id=501),
        settings=settings(**case.chosen),
        skus=KnownSkus(has=KNOWN_SKUS),
        now=NOON,
    )


def _pushing(book: Notebook, case: Case) -> Pushing:
    pushing = Pushing(book, a_goods_out_note(**case.note), case.order)
    pushing.settings = settings(**case.chosen)
    return pushing


def _became(pushing: Pushing) -> tuple[str, str]:
    """Give what really became of note 501, in a rehearsal's words."""
    match pushing.push_all(501)["501"]:
        case Delivered():
            return "would_send", ""
        case Later(code=code):
            return "would_send", code
        case Skipped(code=code):
            return "skipped", code
        case Held(cause=cause):
            return "held", cause.partition(":")[0]
        case Permanent(code=code):
            return "failed", code
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_rehearsal_finds_is_what_sending_does(book: Notebook, case: Case) -> None:
    rehearsal, pushing = _rehearsed(case), _pushing(book, case)

    became = _became(pushing)

    assert (rehearsal.outcome, rehearsal.code) == became == (case.outcome, case.code)
    shown = [told(rehearsal.new)] if rehearsal.new and became == ("would_send", "") else []
    assert [told(new) for new in pushing.shiphero.asked] == shown


def test_all_that_stands_in_the_way_is_named_at_once() -> None:
    case = Case(
        name="",
        note={
            "order_rows": HALF,
            "warehouse_id": 8,
            "shipping": NoteShipping(shipping_method_id=9),
        },
        order=a_sales_order(parties=Parties(customer=a_party(), delivery=NOWHERE)),
        chosen={"order_sync_on": False},
        outcome="held",
    )

    rehearsal = _rehearsed(case)

    assert [one.code for one in rehearsal.obstacles] == [
        "order_sync_off",
        "warehouse_undecided",
        "shipping_method_unmapped",
        "address_missing",
        "country_missing",
        "fractional_quantity",
    ]
    assert rehearsal.new is None


def test_an_order_that_waits_for_a_switch_is_shown_as_it_would_be() -> None:
    case = Case(name="", chosen={"order_sync_on": False}, outcome="held")

    rehearsal = _rehearsed(case)

    assert rehearsal.new == _rehearsed(CASES[0]).new


def test_an_unmapped_method_hides_neither_the_order_nor_an_unknown_sku() -> None:
    unmapped = {"methods": {5: Method(name="Standard")}}
    order = a_sales_order(an_order_row(product_sku="TEA-NEW"))
    case = Case(name="", order=order, chosen=unmapped, outcome="held")

    rehearsal = _rehearsed(case)

    codes = [one.code for one in rehearsal.obstacles]
    assert codes == ["shipping_method_unmapped", "sku_unknown"]
    assert rehearsal.new is not None
    assert rehearsal.new.shipping_lines.title == "(not mapped yet)"


def test_what_would_be_made_at_shiphero_first_is_no_obstacle() -> None:
    order = a_sales_order(an_order_row(product_sku="TEA-NEW"))
    case = Case(name="", order=order, chosen={"create_products": True}, outcome="would_send")

    rehearsal = _rehearsed(case)

    assert (rehearsal.outcome, rehearsal.creates) == ("would_send", ("TEA-NEW",))


def test_two_orders_are_compared_field_by_field() -> None:
    shown, sent = _rehearsed(CASES[0]).new, _rehearsed(CASES[1]).new
    assert shown is not None
    assert sent is not None

    [number, *_, gift] = [
        (one.field, one.shown, one.sent)
        for one in otherwise(told(shown), told(sent))
        if one.field in {"order_number", "gift_note"}
    ]

    assert number == ("order_number", "WEB-4001", "4001-501")
    assert gift == ("gift_note", "", "For Ida")
    assert flat(told(shown))["line_items.8001.sku"] == "TEA-EARL"
    assert otherwise(told(sent), told(sent)) == ()


def test_a_note_whose_order_is_not_shown_cannot_be_told() -> None:
    note: GoodsOutNote = a_goods_out_note()

    rehearsal = rehearse(
        note,
        None,
        key=NoteKey(account="demo", note_id=501),
        settings=settings(),
        skus=KnownSkus(has=()),
        now=NOON,
    )

    assert [one.code for one in rehearsal.obstacles] == ["order_not_found"]

"""ShipHero has every product of an order before the order: known, found, made, or a person told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from services.shiphero_push.handler import push_goods_out_notes
from shared.errors import ConnectionBroken, GoodsoutError, Permanent, Throttled, Transient
from shared.outcome import Delivered
from shared.vendors.brightpearl.account_models import Identity, ProductStock, Weight
from shared.vendors.shiphero.account_models import Product, StockedProduct, WarehouseProduct
from shared.vendors.shiphero.new_product import NewProduct
from tests.builders import MORNING, a_goods_out_note, a_product, a_sales_order, an_order_row
from tests.unit.core.notebook import NOON, Notebook, an_event
from tests.unit.shiphero_push.pushing import Pushing

TEA = an_order_row(product_sku="TEA-NEW", product_name="White tips")
CUP = an_order_row(id=8002, product_id=1502, product_sku="CUP-NEW", product_name="Cup")
BOTH = a_goods_out_note(
    order_rows={
        row: (a_goods_out_note().order_rows[8001][0].model_copy(update={"product_id": product}),)
        for row, product in ((8001, 1501), (8002, 1502))
    }
)


@pytest.fixture
def pushing(book: Notebook) -> Pushing:
    """Stand before a note of one product that ShipHero is not known to have."""
    pushing = Pushing(book, a_goods_out_note(), a_sales_order(TEA))
    pushing.brightpearl.stocked[1501] = a_product(
        identity=Identity(sku="TEA-NEW", barcode="4006381333931"),
        stock=ProductStock(weight=Weight(magnitude=Decimal(100))),
        name="White tips, loose",
    )
    pushing.brightpearl.stocked[1502] = a_product(id=1502, sku="CUP-NEW", name="Cup")
    return pushing


@pytest.fixture
def creating(pushing: Pushing) -> Pushing:
    """Stand before it with a merchant who has Goodsout create products."""
    pushing.settings = replace(pushing.settings, create_products=True, weight_unit="GRAM")
    return pushing


def told_of(pushing: Pushing, *, skus: list[str]) -> list[str]:
    """Pick those SKUs that are known to be there from now on."""
    return sorted(pushing.catalogue.shiphero_skus(skus))


def test_no_request_is_spent_on_what_is_known(pushing: Pushing) -> None:
    pushing.catalogue.remember_skus(["TEA-NEW"], fetched_at=NOON)

    assert isinstance(pushing.push(), Delivered)

    assert pushing.shiphero.calls == ["create_order"]


def test_a_product_that_shiphero_has_is_looked_for_once_and_kept(pushing: Pushing) -> None:
    pushing.shiphero.products = [Product(sku="TEA-NEW")]

    assert isinstance(pushing.push(), Delivered)

    assert pushing.shiphero.calls == ["products_like", "create_order"]
    assert told_of(pushing, skus=["TEA-NEW"]) == ["TEA-NEW"]


def test_every_missing_sku_is_named_and_no_order_is_made(book: Notebook) -> None:
    both = Pushing(book, BOTH, a_sales_order(TEA, CUP))

    error = both.fail()

    assert isinstance(error, Permanent)
    assert error.code == "sku_unknown"
    assert str(error) == (
        "ShipHero does not have TEA-NEW (White tips), CUP-NEW (Cup). Have Goodsout create what is "
        "missing (create_products), or create it in ShipHero, spelt exactly so, then retry."
    )
    assert "create_order" not in both.shiphero.calls
    assert book.links() == []


@pytest.mark.parametrize("there", ["tea-new", "TEA-NEW ", " Tea-New"])
def test_another_spelling_is_another_product_and_is_named(pushing: Pushing, there: str) -> None:
    pushing.shiphero.products = [Product(sku=there)]

    error = pushing.fail()

    assert f'TEA-NEW (White tips; it has "{there}", which is spelt otherwise)' in str(error)


def test_a_spelling_that_only_our_table_knows_is_named(pushing: Pushing) -> None:
    pushing.catalogue.remember_skus(["tea-new"], fetched_at=NOON)

    assert 'it has "tea-new"' in str(pushing.fail())


def test_spaces_around_a_sku_in_brightpearl_are_no_part_of_it(book: Notebook) -> None:
    spaced = an_order_row(product_sku=" TEA-EARL ")
    pushing = Pushing(book, a_goods_out_note(), a_sales_order(spaced))

    pushing.push()

    assert pushing.shiphero.calls == ["create_order"]


def test_a_missing_product_is_made_from_brightpearls_and_then_known(creating: Pushing) -> None:
    assert isinstance(creating.push(), Delivered)

    assert creating.shiphero.calls == ["products_like", "create_product", "create_order"]
    [made] = creating.shiphero.made
    assert made.model_dump(mode="json") == {
        "sku": "TEA-NEW",
        "name": "White tips, loose",
        "warehouse_products": [{"warehouse_id": "WAREHOUSE-1", "on_hand": 0}],
        "barcode": "4006381333931",
        "price": "4.50",
        "dimensions": {"weight": "3.53"},
    }
    assert told_of(creating, skus=["TEA-NEW"]) == ["TEA-NEW"]


def test_several_missing_products_are_made_and_one_order(book: Notebook, creating: Pushing) -> None:
    both = Pushing(book, BOTH, a_sales_order(TEA, CUP))
    both.settings, both.brightpearl.stocked = creating.settings, creating.brightpearl.stocked

    both.push()

    assert {one.sku for one in both.shiphero.made} == {"TEA-NEW", "CUP-NEW"}
    assert both.brightpearl.calls.count("products") == 1
    assert len(both.shiphero.orders) == 1


def test_a_product_that_another_made_meanwhile_gets_its_row_in_the_warehouse(
    creating: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = creating.shiphero.products_like

    def made_after_the_first_look(sku: str) -> tuple[StockedProduct, ...]:
        found = look(sku)
        if not creating.shiphero.products:
            elsewhere = (WarehouseProduct(warehouse_id="WAREHOUSE-2"),)
            creating.shiphero.products = [StockedProduct(sku=sku, warehouse_products=elsewhere)]
        return found

    monkeypatch.setattr(creating.shiphero, "products_like", made_after_the_first_look)

    assert isinstance(creating.push(), Delivered)

    [product] = creating.shiphero.products
    assert isinstance(product, StockedProduct)
    rows = [row.warehouse_id for row in product.warehouse_products]
    assert rows == ["WAREHOUSE-1", "WAREHOUSE-2"]


def test_a_lost_answer_is_looked_up_before_anything_is_repeated(
    creating: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = creating.shiphero.create_product

    def lost(new: NewProduct) -> Product:
        creating.shiphero.loses_answers = True
        try:
            return make(new)
        finally:
            creating.shiphero.loses_answers = False

    monkeypatch.setattr(creating.shiphero, "create_product", lost)

    assert isinstance(creating.push(), Delivered)

    assert creating.shiphero.calls == [
        "products_like",
        "create_product",
        "products_like",
        "create_order",
    ]


def test_a_lost_answer_that_shows_nothing_is_tried_again_without_a_second_product(
    creating: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    creating.shiphero.loses_answers = True
    with monkeypatch.context() as patch:
        patch.setattr(creating.shiphero, "products_like", lambda _sku: ())
        assert isinstance(creating.fail(), Transient)
    creating.shiphero.loses_answers = False

    assert isinstance(creating.push(), Delivered)

    assert len(creating.shiphero.products) == 1


def test_a_product_that_brightpearl_does_not_show_is_not_made(creating: Pushing) -> None:
    creating.brightpearl.stocked.clear()

    error = creating.fail()

    assert (type(error), getattr(error, "code", "")) == (Permanent, "sku_unknown")
    assert "Brightpearl does not tell what they are" in str(error)
    assert creating.shiphero.made == []


def test_a_refused_product_names_the_sku_and_the_refusal(creating: Pushing) -> None:
    creating.shiphero.fails_on = {"create_product": Permanent("ShipHero refused: no name.")}

    error = creating.fail()

    assert (type(error), getattr(error, "code", "")) == (Permanent, "sku_unknown")
    assert "TEA-NEW (White tips). Goodsout cannot create it: ShipHero refused: no name." in str(
        error
    )


@pytest.mark.parametrize(
    "trouble",
    [
        Transient("down"),
        Throttled("out of credits", until=NOON),
        ConnectionBroken("refused", vendor="shiphero"),
    ],
)
@pytest.mark.parametrize("call", ["products_like", "create_product"])
def test_trouble_at_shiphero_passes_through_and_no_order_is_made(
    creating: Pushing, trouble: GoodsoutError, call: str
) -> None:
    creating.shiphero.fails_on = {call: trouble}

    assert creating.fail() is trouble
    assert creating.shiphero.orders == []


def test_a_group_asks_once_for_a_sku_that_many_of_its_notes_need(pushing: Pushing) -> None:
    for one in (502, 503, 504):
        pushing.brightpearl.notes[one] = a_goods_out_note(id=one)

    ends = pushing.push_all(501, 502, 503, 504)

    assert {getattr(end, "code", "") for end in ends.values()} == {"sku_unknown"}
    assert pushing.shiphero.calls == ["products_like"]


def test_trouble_with_one_notes_product_leaves_the_others_of_its_group(pushing: Pushing) -> None:
    pushing.brightpearl.notes[502] = a_goods_out_note(id=502, order_id=4002)
    pushing.brightpearl.orders[4002] = a_sales_order(id=4002, reference="WEB-4002")
    pushing.shiphero.fails_on = {"products_like": Transient("down")}

    ends = pushing.push_all(501, 502)

    assert isinstance(ends["501"], Transient)
    assert isinstance(ends["502"], Delivered)


def test_notes_worked_on_side_by_side_make_a_product_once(creating: Pushing) -> None:
    ids = range(501, 509)
    for one in ids:
        creating.brightpearl.notes[one] = a_goods_out_note(id=one)
    events = [an_event(subject=str(one), recorded_at=MORNING) for one in ids]
    units = list(push_goods_out_notes(events, desk=creating.desk))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda unit: unit.run(), units))

    assert len(creating.shiphero.made) == 1
    assert len(creating.shiphero.orders) == 8


def test_a_refused_order_has_its_skus_looked_up_at_the_next_try(pushing: Pushing) -> None:
    pushing.catalogue.remember_skus(["TEA-NEW"], fetched_at=NOON)
    refusal = Permanent("whatever ShipHero says of a SKU that it lacks")
    pushing.shiphero.fails_on = {"create_order": refusal}

    assert pushing.fail() is refusal
    pushing.shiphero.fails_on = {}

    assert getattr(pushing.fail(), "code", "") == "sku_unknown"


def test_trouble_of_another_kind_leaves_what_is_known(pushing: Pushing) -> None:
    pushing.catalogue.remember_skus(["TEA-NEW"], fetched_at=NOON)
    pushing.shiphero.fails_on = {"create_order": Transient("down")}

    pushing.fail()

    assert told_of(pushing, skus=["TEA-NEW"]) == ["TEA-NEW"]

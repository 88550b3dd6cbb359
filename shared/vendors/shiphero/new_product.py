"""What `product_create` is asked for (contract §9); unset fields are not sent."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from shared.vendors.shiphero.new_order import TextMoney, Writing

# Weights travel as text, in the account's unit: ounces unless somebody chose another (contract §9).
TextOunces = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]


class NewDimensions(Writing):
    """How heavy one piece is."""

    weight: TextOunces


class NewStock(Writing):
    """The product's row in one warehouse; nothing is on hand, for stock is not ours to tell."""

    warehouse_id: str
    on_hand: int = 0


class NewProduct(Writing):
    """A product for ShipHero; its SKU is unique in the account."""

    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    warehouse_products: tuple[NewStock, ...] = Field(min_length=1)
    barcode: str | None = None
    price: TextMoney | None = None
    dimensions: NewDimensions | None = None

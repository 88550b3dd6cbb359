"""What the transform makes of a note, a sales order and settings; each can be given."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.pushing.transform import to_new_order
from shared.vendors.brightpearl.models import GoodsOutNote, NoteRow
from shared.vendors.brightpearl.order_models import Parties, SalesOrder
from shared.vendors.shiphero.new_order import NewAddress, NewOrder
from tests.builders import a_goods_out_note, a_party, a_sales_order
from tests.unit.core.notebook import NOON, settings

KEY = NoteKey(account="demo", note_id=501)


def made(
    note: GoodsOutNote | None = None, order: SalesOrder | None = None, **chosen: Any
) -> NewOrder:
    """Transform at noon; `chosen` are settings of the account."""
    note = note or a_goods_out_note()
    return to_new_order(
        note,
        order or a_sales_order(),
        key=NoteKey(account="demo", note_id=note.id),
        settings=settings(**chosen),
        now=NOON,
    )


def refusal(note: GoodsOutNote | None = None, order: SalesOrder | None = None) -> Permanent:
    """Give the error that the transform ends with."""
    with pytest.raises(Permanent) as raised:
        made(note, order)
    return raised.value


def to_party(**fields: Any) -> SalesOrder:
    """Build a sales order that goes to Ida Moss, with what is given of her."""
    return a_sales_order(
        parties=Parties(customer=a_party(), delivery=a_party(**fields), billing=a_party())
    )


def address(**fields: Any) -> NewAddress:
    """Give where the parcel goes."""
    return made(order=to_party(**fields)).shipping_address


def rows(**parts: str) -> GoodsOutNote:
    """Build a note of rows `r8001="2"`; "1+1" comes from two locations."""
    return a_goods_out_note(
        order_rows={
            int(name[1:]): tuple(
                NoteRow(product_id=1501, quantity=Decimal(part), location_id=place)
                for place, part in enumerate(parts.split("+"))
            )
            for name, parts in parts.items()
        }
    )

"""Goods-out notes in Brightpearl's own words, and what its models have in common.

Field names are Brightpearl's in snake case. A field that is null and a field that is missing mean
the same (contract §5), so every default is what "unset" means. Quantities and money are `Decimal`,
times carry the account's offset.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from shared.errors import GoodsoutError

REFERENCE_LIMIT = 64  # characters of a note's reference (contract §7a)
LABEL_URI_LIMIT = 512  # characters of a note's label address (contract §7a)
WEIGHT_LIMIT = Decimal("999999.99")  # in the account's productWeightUnit (contract §7a)

PlainDecimal = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]


class Reading(BaseModel):
    """A border model for what comes in: extra fields are ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        coerce_numbers_to_str=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_missing(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            return {key: value for key, value in given.items() if value is not None}
        return given


class Writing(BaseModel):
    """A border model for what goes out: an unknown field is a mistake of ours."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


def empty_list_is_empty_map(given: Any) -> Any:
    """Read `[]` where a map is due: an empty map may come so (contract §5)."""
    return {} if given == [] else given


class NoteRow(Reading):
    """Stock of one product from one location; one order row may have several."""

    product_id: int
    quantity: Decimal
    location_id: int = 0


class NoteStatus(Reading):
    """How far a goods-out note is; a time stands only beside its set flag."""

    shipped: bool = False
    packed: bool = False
    picked: bool = False
    printed: bool = False
    shipped_on: AwareDatetime | None = None
    shipped_by_id: int | None = None
    packed_on: AwareDatetime | None = None
    picked_on: AwareDatetime | None = None
    printed_on: AwareDatetime | None = None


class NoteShipping(Reading):
    """Tracking (`reference`, "" when unset) and method (0 = none); weight in the account's unit."""

    reference: str = ""
    shipping_method_id: int = 0
    boxes: int | None = None
    weight: Decimal | None = None


class NoteEvent(Reading):
    """One entry of a note's history: PLA made, PRI printed, PIC picked, PAC packed, SHW shipped."""

    event_code: str
    # Brightpearl spells it "occured" (contract §6).
    occurred: AwareDatetime = Field(alias="occured")
    event_owner_id: int = 0


class GoodsOutNote(Reading):
    """An instruction that stock of one sales order leaves one warehouse.

    `order_rows` maps order row id to its stock; a transfer has `transfer_rows` instead and
    `order_id` 0. `last_event_version` goes into `If-Match`.
    """

    id: int
    order_id: int = 0
    sequence: int | None = None
    warehouse_id: int
    transfer: bool = False
    target_warehouse_id: int | None = None
    stock_transfer_id: int | None = None
    priority: bool = False
    status: NoteStatus = NoteStatus()
    shipping: NoteShipping = NoteShipping()
    release_date: AwareDatetime | None = None
    created_on: AwareDatetime
    created_by: int | None = None
    order_rows: Annotated[
        Mapping[int, tuple[NoteRow, ...]], BeforeValidator(empty_list_is_empty_map)
    ] = {}
    transfer_rows: tuple[NoteRow, ...] = ()
    events: tuple[NoteEvent, ...] = ()
    label_uri: str = ""
    last_event_version: int | None = None

    @property
    def shipped(self) -> bool:
        """Whether the note left the warehouse; it then takes no further change."""
        return self.status.shipped

    @property
    def number(self) -> str:
        """What people see: order id and sequence, or the note's own id where there is none."""
        return f"{self.order_id}/{self.sequence}" if self.sequence else str(self.id)

    @property
    def quantities(self) -> Mapping[int, Decimal]:
        """Order row id to the quantity on this note, summed over locations (contract §6)."""
        return {
            row_id: sum((part.quantity for part in parts), start=Decimal(0))
            for row_id, parts in self.order_rows.items()
        }


class NewNoteShipping(Writing):
    """Tracking, method, boxes and weight to write; None is not sent.

    `weight` is in the account's `productWeightUnit`. Cut to the limits before making one.
    """

    reference: str | None = Field(default=None, max_length=REFERENCE_LIMIT)
    shipping_method_id: int | None = None
    boxes: int | None = Field(default=None, ge=0)
    weight: PlainDecimal | None = Field(default=None, ge=0, le=WEIGHT_LIMIT)


class NoteDetails(Writing):
    """What PUT writes onto a note that is not shipped yet.

    `priority` has no default: whether an omitted one is kept or reset is not known, so the present
    one is always sent back (contract §7a).
    """

    priority: bool
    shipping: NewNoteShipping = NewNoteShipping()
    label_uri: str | None = Field(default=None, max_length=LABEL_URI_LIMIT)


class NoteShipment(Writing):
    """Everything that ships one note: details first, then the shipped event.

    `event_owner_id` is the contact id of the staff member in whose name it is done.
    """

    note_id: int
    details: NoteDetails
    occurred: AwareDatetime
    event_owner_id: int


class ShipState(StrEnum):
    """What became of one note of a batch."""

    SHIPPED = "shipped"
    REFUSED = "refused"
    UNPROCESSED = "unprocessed"


@dataclass(frozen=True, kw_only=True)
class ShipResult:
    """One note's part of `ship_notes`.

    REFUSED carries the `error` that the note alone would have raised; UNPROCESSED means that an
    earlier note stopped the batch: nothing happened but perhaps the repeatable PUT.
    """

    note_id: int
    state: ShipState
    error: GoodsoutError | None = None

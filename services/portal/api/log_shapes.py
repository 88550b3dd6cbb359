"""What the API tells of goods-out notes."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from services.portal.api.shapes import Asked, Told

State = Literal[
    "needs_you", "on_the_way", "synced", "shipped", "cancelled", "skipped", "handled", "shadow"
]
# No note is older or younger; beyond them a time could not be turned into UTC.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def _within(at: datetime) -> datetime:
    return min(max(at, EARLIEST), LATEST)


def _searchable(text: str) -> str:
    # PostgreSQL takes no U+0000, and nothing that was kept has one.
    return text.replace("\0", "\ufffd").strip()


Bound = Annotated[AwareDatetime, AfterValidator(_within)]
Moment = Annotated[datetime, Field(examples=["2026-11-24T12:05:00Z"])]


class Side(Told):
    """Where one side of a note stands."""

    stage: str = Field(description="The stage, as docs name it.", examples=["done"])
    word: str = Field(description="The word of the sync log; blank while a shipment is awaited.",
                      examples=["Synced"])  # fmt: skip
    reason_code: str = Field(description="Why it stands there; empty for no reason.", examples=[""])
    reason: str = Field(description="The same as a sentence.", examples=[""])


class Note(Told):
    """One goods-out note, one row of the sync log."""

    note_id: int = Field(description="Brightpearl's id of the goods-out note.", examples=[70011])
    order_id: int | None = Field(description="Brightpearl's sales order; null until it was read.",
                                 examples=[41007])  # fmt: skip
    sequence: int | None = Field(description="Which of the order's notes it is.", examples=[1])
    customer_reference: str = Field(examples=["SHOP-1024"])
    total: Decimal | None = Field(description="The sales order's total, as decimal text.",
                                  examples=["120.50"])  # fmt: skip
    currency: str = Field(examples=["GBP"])
    warehouse_id: int | None = Field(description="Brightpearl's warehouse.", examples=[2])
    brightpearl_method: str = Field(examples=["Royal Mail 24"])
    shipping_method_sent: str = Field(description="What ShipHero was told.", examples=["RM24"])
    channel: str = Field(description="Brightpearl's sales channel.", examples=["Web shop"])
    state: State = Field(description="Which count of the sync log it is in.", examples=["synced"])
    order: Side = Field(description="Its way to ShipHero.")
    shipment: Side = Field(description="The way back to Brightpearl.")
    shiphero_order_id: str = Field(description="Empty until there is one.", examples=["T3JkZXI6MQ"])
    tracking: str = Field(description="Tracking numbers; empty until shipped.", examples=[""])
    corrected_at: Moment | None = Field(
        description="Since when a person has it sent otherwise than Brightpearl says."
    )
    inserted_at: Moment = Field(description="When Goodsout first knew of it.")
    synced_at: Moment | None = Field(description="When ShipHero had its order.")
    shipped_at: Moment | None = Field(description="When Brightpearl was told of its shipment.")


class NotePage(Told):
    """Some notes, newest first, and where the next page begins."""

    notes: list[Note]
    next: str | None = Field(description="Give it as `before` for the next page; null at the end.",
                             examples=["t1795521600000000-70011"])  # fmt: skip


class NotesQuery(Asked):
    """Which notes are wanted."""

    state: State | None = Field(default=None, description="Only notes in this count.")
    q: Annotated[str, AfterValidator(_searchable)] = Field(
        default="",
        max_length=100,
        description="Reference or tracking number, by how it begins; order id, note id, "
        "order/note, SKU or ShipHero order id as a whole. With the scope customers:search also a "
        "customer's whole e-mail address, name or company.",
    )
    reason: str = Field(
        default="",
        max_length=100,
        pattern=r"^[a-z0-9_:.-]*$",
        description="Only notes with this reason code on either side.",
    )
    inserted_from: Bound | None = Field(
        default=None, description="Only notes known since then; with a zone, as ISO 8601."
    )
    inserted_before: Bound | None = Field(default=None, description="Only notes known before then.")
    before: str = Field(default="", max_length=40, pattern=r"^(t\d{1,17}-\d{1,10})?$",
                        description="Where the page begins: `next` of the one before.")  # fmt: skip
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")


class Link(Told):
    """Which ShipHero order a note is, or was meant to become."""

    generation: int = Field(description="1; more after a deliberate re-create.", examples=[1])
    key: str = Field(description="Our key at ShipHero.", examples=["fernleaf-70011"])
    order_number: str = Field(examples=["SHOP-1024"])
    shiphero_order_id: str = Field(examples=["T3JkZXI6MQ"])
    linked_at: Moment | None
    adopted: bool = Field(description="Whether it was found there instead of made.")
    canceled_at: Moment | None


class Call(Told):
    """One request to a vendor; never a body."""

    vendor: str = Field(examples=["ShipHero"])
    operation: str = Field(examples=["order_create"])
    status: str = Field(examples=["200"])
    request_id: str = Field(description="What the vendor's support asks for.", examples=["r-9"])
    seconds: str = Field(examples=["412 ms"])


class Attempt(Told):
    """One try."""

    number: int = Field(examples=[1])
    started_at: Moment
    ended_at: Moment | None
    result: str = Field(examples=["delivered"])
    reason_code: str = Field(examples=[""])
    reason: str = Field(examples=[""])
    calls: list[Call]


class Happening(Told):
    """One event of the journal about the note."""

    id: UUID
    name: str = Field(examples=["goods_out_note.changed"])
    recorded_at: Moment
    due_at: Moment
    settled_at: Moment | None
    outcome: str | None = Field(description="How it ended, such as dead; null while it is open.",
                                examples=["delivered"])  # fmt: skip
    hold_cause: str | None = Field(description="What it waits for.", examples=[None])
    reason_code: str = Field(examples=[""])
    reason: str = Field(examples=[""])
    replay_of: UUID | None
    attempts: list[Attempt]


class AdviceTold(Told):
    """What happened, whose turn it is, and what to do."""

    urgent: bool = Field(description="Whether a person has to act.")
    title: str = Field(examples=["The order is not at ShipHero"])
    happened: str = Field(examples=["SKU TEA is not in ShipHero."])
    whose_turn: str = Field(examples=["Yours"])
    do_this: str = Field(examples=["Make the SKU in ShipHero, then retry."])
    then: str = Field(examples=[""])


class NoteDetails(Told):
    """All that is known of one note."""

    note: Note
    links: list[Link]
    events: list[Happening] = Field(description="Oldest first.")
    next_try: Moment | None = Field(description="When something is tried by itself, if planned.")
    advice: AdviceTold | None


class Retried(Told):
    """Whether something is tried now."""

    done: bool = Field(description="False where nothing would help; the sentences say why.")
    sentences: list[str] = Field(examples=[["Replayed: the way to ShipHero, which had failed."]])

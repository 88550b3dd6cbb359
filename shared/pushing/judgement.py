"""Whether a goods-out note is to be sent: a pure decision from the note and the settings."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.accounts import (
    CORRECTION_ERASED,
    GO_LIVE_UNSET,
    MAPPED,
    NOT_SENT,
    ORDER_SYNC_OFF,
    RELEASE_KEEP_BACK,
    SHADOW_MODE,
    SHIPPING_METHOD_UNMAPPED,
    STOPPED_BY_PERSON,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
)
from shared.number_words import counted
from shared.outcome import ANY_VERSION, Held, Later, Skipped
from shared.vendors.brightpearl.models import GoodsOutNote


def judge(note: GoodsOutNote, settings: AccountSettings) -> Skipped | Held | None:
    """Say why `note` is not sent, or not yet; None when it is to be sent now.

    What can never change is looked at first, so that nothing waits in vain.
    """
    return next(obstacles(note, settings), None)


def obstacles(note: GoodsOutNote, settings: AccountSettings) -> Iterator[Skipped | Held]:
    """Name all that keeps `note` from being sent; the first one decides what becomes of it."""
    yield from _never(note, settings)
    yield from _not_yet(note, settings)


def held_by_person(note: GoodsOutNote, *, stopped: bool) -> Held | None:
    """Have a note wait that a person stopped."""
    if not stopped:
        return None
    return Held(
        cause=f"{STOPPED_BY_PERSON}:{note.id}",
        reason="A person has it wait.",
        settings_version=ANY_VERSION,
    )


def held_by_erasure(note: GoodsOutNote, *, erased: bool) -> Held | None:
    """Have a note wait whose corrections are gone: Brightpearl says what was known to be wrong."""
    if not erased:
        return None
    return Held(
        cause=f"{CORRECTION_ERASED}:{note.id}",
        reason="What a person had corrected of the note was erased, because it was old.",
        settings_version=ANY_VERSION,
    )


def kept_back(note: GoodsOutNote, settings: AccountSettings, *, now: datetime) -> Later | None:
    """Say until when a note stays with us: until its release date, or while it may be changed."""
    until, why = max(_waits(note, settings), default=(now, ""))
    if until <= now:
        return None
    return Later(
        until=until,
        code="kept_back",
        reason=why.format(f"{until:%d %b %Y %H:%M %Z}"),
        settings_version=settings.version,
    )


def _waits(note: GoodsOutNote, settings: AccountSettings) -> Iterator[tuple[datetime, str]]:
    """Give what the merchant has a note wait for, and the sentence that says so."""
    if settings.release_policy == RELEASE_KEEP_BACK and note.release_date is not None:
        yield note.release_date, "Kept back until its release date, {}."
    if minutes := settings.hold_minutes:
        over = note.created_on + timedelta(minutes=minutes)
        yield over, f"Kept back until {{}}: it may be changed for {counted(minutes, 'minute')}."


def _never(note: GoodsOutNote, settings: AccountSettings) -> Iterator[Skipped]:
    if note.transfer:
        yield Skipped(code="stock_transfer", reason="The note is a stock transfer, not a sale.")
    if note.shipped:
        yield Skipped(code="already_shipped", reason="The note was shipped in Brightpearl.")
    if settings.go_live_at is not None and note.created_on < settings.go_live_at:
        yield Skipped(
            code="before_go_live",
            reason=f"The note was created before go-live ({settings.go_live_at:%d %b %Y %H:%M} "
            "UTC).",
            settings_version=settings.version,
        )
    warehouse = settings.warehouses.get(note.warehouse_id)
    if warehouse is not None and warehouse.decision == NOT_SENT:
        yield Skipped(
            code="warehouse_not_sent",
            reason=f"Warehouse {warehouse.name} is left unmapped: its notes are not sent.",
            settings_version=settings.version,
        )


def _not_yet(note: GoodsOutNote, settings: AccountSettings) -> Iterator[Held]:
    def held(cause: str, reason: str) -> Held:
        return Held(cause=cause, reason=reason, settings_version=settings.version)

    if settings.shadow_on:
        yield held(SHADOW_MODE, "Shadow mode is on: nothing is written.")
    if not settings.order_sync_on:
        yield held(ORDER_SYNC_OFF, "Order sync is off.")
    if settings.go_live_at is None:
        yield held(GO_LIVE_UNSET, "No go-live time is set.")
    warehouse = settings.warehouses.get(note.warehouse_id)
    if warehouse is None or warehouse.decision not in (MAPPED, NOT_SENT):
        name = warehouse.name if warehouse else f"number {note.warehouse_id}"
        yield held(
            f"{WAREHOUSE_UNDECIDED}:{note.warehouse_id}",
            f"It is not decided where the notes of warehouse {name} go.",
        )
    method_id = note.shipping.shipping_method_id
    method = settings.methods.get(method_id)
    if method_id and (method is None or not method.title):
        name = method.name if method else f"number {method_id}"
        yield held(
            f"{SHIPPING_METHOD_UNMAPPED}:{method_id}",
            f"Shipping method {name} is not mapped.",
        )

"""Goods-out notes: read by id set, write details, add the shipped event (contract §6, §7)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from shared.vendors.brightpearl.api import Api
from shared.vendors.brightpearl.models import GoodsOutNote, NoteDetails
from shared.vendors.exchange import Effect

SHIPPED = "SHW"  # adds printed, picked and packed by itself and cannot be undone (contract §7b)


class Notes(Api):
    """The calls about goods-out notes, one at a time."""

    def goods_out_notes(self, ids: Iterable[int]) -> Mapping[int, GoodsOutNote]:
        """Read notes by id, whatever their order; a note that is missing is simply not there.

        One request for up to 100. Raises Transient, Throttled, ConnectionBroken, Permanent.
        """
        path = "/warehouse-service/order/*/goods-note/goods-out/{ids}"
        found: dict[int, GoodsOutNote] = {}
        for chunk in self._get_set("goods_out_notes", path, ids):
            found |= self._notes("goods_out_notes", chunk)
        return found

    def goods_out_notes_of_order(self, order_id: int) -> Mapping[int, GoodsOutNote]:
        """Read every note of one sales order; empty when it has none."""
        path = f"/warehouse-service/order/{order_id}/goods-note/goods-out/"
        return self._notes("goods_out_notes_of_order", self._get("goods_out_notes_of_order", path))

    def write_details(self, note_id: int, details: NoteDetails) -> None:
        """Write tracking, method, boxes and weight onto a note not shipped yet; repeatable.

        Raises AlreadyThere when the note is shipped, NoteGone when it is not there.
        """
        self._write("write_details", "PUT", details_path(note_id), details, Effect.REPEATABLE_WRITE)

    def add_shipped_event(
        self, note_id: int, *, occurred: datetime, event_owner_id: int, if_match: int | None
    ) -> None:
        """Say that a note left the warehouse; it then takes no further change.

        `if_match` is the note's `last_event_version`, read after the details were written.
        Raises AlreadyThere, VersionMoved or NoteGone ("read again and compare"), UnknownOutcome.
        """
        self._write(
            "add_shipped_event",
            "POST",
            f"{details_path(note_id)}/event",
            shipped_event(occurred, event_owner_id),
            Effect.SINGLE_WRITE,
            {} if if_match is None else {"If-Match": str(if_match)},
        )

    def _notes(self, operation: str, given: Any) -> dict[int, GoodsOutNote]:
        # The id is the key and not inside the note (contract §6).
        return {
            int(key): self._read(GoodsOutNote, {**note, "id": key}, operation)
            for key, note in (given.items() if isinstance(given, Mapping) else ())
        }


def details_path(note_id: int) -> str:
    """Say where a note's details are written."""
    return f"/warehouse-service/goods-note/goods-out/{note_id}"


def shipped_event(occurred: datetime, event_owner_id: int) -> Mapping[str, Any]:
    """Write the shipped event's body, the time in UTC."""
    event = {
        "eventCode": SHIPPED,
        "occured": as_brightpearl_time(occurred),  # Brightpearl's spelling (contract §6)
        "eventOwnerId": event_owner_id,
    }
    return {"events": [event]}


def as_brightpearl_time(moment: datetime) -> str:
    """Write a zoned time in UTC with milliseconds and Z, which is accepted (contract §5)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

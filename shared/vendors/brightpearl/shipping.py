"""Ship several notes in one request: a multi-message of details and event each (contract §15)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.errors import GoodsoutError
from shared.vendors.brightpearl.api import Api
from shared.vendors.brightpearl.faults import Asked, fault, unclear
from shared.vendors.brightpearl.models import NoteShipment, ShipResult, ShipState
from shared.vendors.brightpearl.notes import details_path, shipped_event
from shared.vendors.exchange import Answer, Effect

NOTES_AT_ONCE = 5  # two messages a note, ten a request (contract §15)


class Shipping(Api):
    """The batched way of writing shipments back."""

    def ship_notes(self, shipments: Sequence[NoteShipment]) -> Mapping[int, ShipResult]:
        """Write details, then the shipped event, for up to five notes in one request.

        The first refusal stops the rest, which come back UNPROCESSED. `If-Match` has no place in
        a message (contract §15): read each note just before, and again after. Raises what the
        request as a whole met: UnknownOutcome, Throttled, ConnectionBroken, Permanent.
        """
        if len({one.note_id for one in shipments}) != len(shipments):
            raise ValueError("a note may stand in a batch only once")
        if not 1 <= len(shipments) <= NOTES_AT_ONCE:
            raise ValueError(f"ship one to {NOTES_AT_ONCE} notes at once, not {len(shipments)}")
        body = {
            "processingMode": "SEQUENTIAL",
            "onFail": "STOP",
            "messages": [message for one in shipments for message in _messages(one)],
        }
        answer, asked = self._ask("ship_notes", "POST", "/multi-message", Effect.SINGLE_WRITE, body)
        told = self._response(answer, asked)
        if not isinstance(told, Mapping):
            raise unclear(asked, "the answer cannot be read", code="brightpearl_unreadable")
        return {one.note_id: _result(one.note_id, told, asked, answer) for one in shipments}


def _messages(shipment: NoteShipment) -> Iterator[Mapping[str, Any]]:
    path = details_path(shipment.note_id)
    yield {
        "label": f"put-{shipment.note_id}",
        "uri": path,
        "httpMethod": "PUT",
        "body": shipment.details.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    yield {
        "label": f"ship-{shipment.note_id}",
        "uri": f"{path}/event",
        "httpMethod": "POST",
        "body": shipped_event(shipment.occurred, shipment.event_owner_id),
    }


def _result(note_id: int, told: Mapping[str, Any], asked: Asked, whole: Answer) -> ShipResult:
    put, ship = f"put-{note_id}", f"ship-{note_id}"
    processed = {
        part.get("label"): part
        for part in told.get("processedMessages") or ()
        if isinstance(part, Mapping)
    }
    # A PUT may be repeated, and with STOP a failed one means that no event was sent.
    alone = replace(asked, effect=Effect.REPEATABLE_WRITE)
    for label, judged_as in ((put, alone), (ship, asked)):
        error = _part_fault(processed.get(label), judged_as, whole)
        if error is not None:
            return ShipResult(note_id=note_id, state=ShipState.REFUSED, error=error)
    if ship in processed:
        return ShipResult(note_id=note_id, state=ShipState.SHIPPED)
    if ship in (told.get("unprocessedMessages") or ()):
        return ShipResult(note_id=note_id, state=ShipState.UNPROCESSED)
    error = unclear(asked, f"the answer does not mention note {note_id}")
    return ShipResult(note_id=note_id, state=ShipState.REFUSED, error=error)


def _part_fault(
    part: Mapping[str, Any] | None, asked: Asked, whole: Answer
) -> GoodsoutError | None:
    """Judge one message as if it had been sent alone."""
    if part is None:
        return None
    content = (part.get("body") or {}).get("content") or ""
    try:
        status = int(part["statusCode"])
    except (KeyError, TypeError, ValueError):
        return unclear(asked, "a message of the batch has no status")
    # The body is JSON written as text (contract §15); the budget's headers are the request's.
    body = content if isinstance(content, str) else json.dumps(content)
    return fault(Answer(status=status, headers=whole.headers, body=body.encode()), asked)

"""A message's body: a CloudEvents 1.0 JSON envelope that says which event to look at.

It holds no vendor data; whoever reads it looks the event up in the journal. The format is
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md, structured
mode, without `data`.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.messaging.protocol import Incoming, Outgoing
from shared.messaging.topology import routing_key

CONTENT_TYPE = "application/cloudevents+json"
SOURCE = "/goodsout/journal"
# Ours are about 500 bytes; anything near this came from somewhere else.
MAX_BODY_BYTES = 16 * 1024
# CloudEvents' Integer type is 32 bits, signed.
MAX_GENERATION = 2**31 - 1


class Unreadable(ValueError):  # noqa: N818 - says what the message is, as the errors' names do
    """The message is no envelope of ours; it belongs in the queue's dead-letter queue."""


class Notice(BaseModel):
    """What an envelope says: event so-and-so is due, at this generation."""

    model_config = ConfigDict(frozen=True)

    event_id: UUID
    name: str
    subject: str
    account_id: UUID
    generation: int
    traceparent: str = ""


class _Envelope(BaseModel):
    """The JSON as it travels; unknown attributes are ignored, as the specification asks."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = Field(default=SOURCE, min_length=1)
    type: str = Field(min_length=1, max_length=100)
    # The specification wants it non-empty when present; an event about nothing leaves it out.
    subject: str | None = Field(default=None, min_length=1, max_length=500)
    time: AwareDatetime
    datacontenttype: str = "application/json"
    # Extension attributes: lower-case letters and digits only.
    account: UUID
    generation: int = Field(ge=0, le=MAX_GENERATION, strict=True)
    traceparent: str | None = Field(default=None, min_length=1, max_length=100)


def to_outgoing(notice: Notice, *, time: datetime) -> Outgoing:
    """Wrap a notice for the queue of its event's name.

    `time` (zoned) is when the event was recorded. KeyError for a name that has no route.
    """
    envelope = _Envelope(
        id=notice.event_id,
        type=notice.name,
        subject=notice.subject or None,
        time=time,
        account=notice.account_id,
        generation=notice.generation,
        traceparent=notice.traceparent or None,
    )
    return Outgoing(
        routing_key=routing_key(notice.name),
        message_id=str(notice.event_id),
        body=envelope.model_dump_json(exclude_none=True).encode(),
        headers={"traceparent": notice.traceparent} if notice.traceparent else {},
    )


def read(incoming: Incoming) -> Notice:
    """Read a message back into a notice; Unreadable says in one sentence what is wrong with it."""
    if len(incoming.body) > MAX_BODY_BYTES:
        raise Unreadable(
            f"Message {_shown(incoming.message_id)} has {len(incoming.body)} bytes, "
            f"more than the {MAX_BODY_BYTES} an envelope may have."
        )
    try:
        envelope = _Envelope.model_validate_json(incoming.body)
    except ValidationError as error:
        raise Unreadable(
            f"Message {_shown(incoming.message_id)} is no envelope: {_first_fault(error)}."
        ) from None
    return Notice(
        event_id=envelope.id,
        name=envelope.type,
        subject=envelope.subject or "",
        account_id=envelope.account,
        generation=envelope.generation,
        traceparent=envelope.traceparent or "",
    )


def _first_fault(error: ValidationError) -> str:
    # Only the place and the rule: the value itself may be anybody's data.
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]


def _shown(message_id: str) -> str:
    return repr(message_id[:80]) if message_id else "without an id"

"""What a handler answers when it raised nothing: values, so that "nothing to do" is no error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.events import NewEvent

if TYPE_CHECKING:
    from sqlmodel import Session

    from shared.vendors.calls import Call

# Writes rows of our own in the transaction that settles the event: a watermark, a fetch's progress.
Keep = Callable[["Session", datetime], None]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The vendor now is as the event says.

    `reference` is the vendor's id of what was made or changed; `follow_ons` are recorded, and
    `keep` is called, in the transaction that settles the event. `code` is a reason code where the
    note's side stands elsewhere than at done.
    """

    reference: str
    summary: str = ""
    code: str = ""
    follow_ons: tuple[NewEvent, ...] = ()
    keep: Keep | None = field(default=None, compare=False, repr=False)


# What no setting caused, such as refused credentials, is judged by no version.
ANY_VERSION: Final = 0


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """There was nothing to do, and nothing ever will be: `code` and plain words say why.

    `settings_version` is the version of the account's settings that decided it, 0 where none did:
    with other settings there may be something to do.
    """

    code: str
    reason: str
    follow_ons: tuple[NewEvent, ...] = ()
    settings_version: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A person or a setting has to change first.

    `cause` is what the releasing act names, such as `warehouse_undecided:5`; `settings_version`
    is the version of the account's settings that this was judged by.
    """

    cause: str
    reason: str
    settings_version: int


@dataclass(frozen=True, kw_only=True)
class Busy:
    """Another delivery works on the same note right now: come back shortly, no attempt used.

    `after` is in seconds of our pace.
    """

    reason: str
    after: float = 2.0


@dataclass(frozen=True, kw_only=True)
class Later:
    """It is to be done at a known time, and not before: due again `until` then, no attempt used.

    `settings_version` is as in `Skipped`: with other settings it may be done earlier.
    """

    until: datetime
    code: str
    reason: str
    settings_version: int = field(default=0, compare=False)


Outcome = Delivered | Skipped | Held | Busy | Later


@dataclass(frozen=True, kw_only=True)
class Parted:
    """The events of one unit ended differently: each, by its id, with its outcome or its error.

    `calls` are those to the vendors that were made for an event; without it, each made them all.
    """

    ends: Mapping[UUID, Outcome | Exception]
    calls: Mapping[UUID, Sequence["Call"]] | None = None

"""What a round looks for: the things of one sort that people are to be told of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from sqlmodel import Session

from shared.telling import Telling

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Source(Generic[T]):
    """`find` gives what may be due, with its account; `tell` decides and tells, for good.

    `find` only reads. `tell` has a transaction of its own, in which it makes sure that nobody told
    of it meanwhile. `beat` is in seconds of our pace.
    """

    name: str
    beat: float
    find: Callable[[Session, datetime], Sequence[tuple[UUID, T]]]
    tell: Callable[[Session, Telling, T, datetime], object]

"""Look what people are to be told of, and tell it; several clocks may do so side by side.

Each thing is told of in one transaction that also says so: a clock that is killed, or a second
one, tells nothing twice and forgets nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog

from services.notifier.telling.alerts import ALERTS
from services.notifier.telling.assignments import assignments_at
from services.notifier.telling.causes import due_causes, look_at, open_causes
from services.notifier.telling.fetches import FETCHES
from services.notifier.telling.gathering import rhythm_at
from services.notifier.telling.issues import ISSUES
from services.notifier.telling.ledgers import LEDGERS
from services.notifier.telling.source import Source
from shared.clock import Now, Pace
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.telling import telling_of

log = structlog.get_logger()

T = TypeVar("T")

SHORTEST_BEAT: Final = 0.2  # seconds


@dataclass(frozen=True, kw_only=True)
class TellingRounds:
    """What the clock tells people: `look` once in every beat of a source."""

    open_session: OpenSession
    open_reading: OpenSession
    secret_keys: str
    portal_url: str
    now: Now
    pace: Pace

    def sources(self) -> tuple[Source[Any], ...]:
        """List everything that is looked for."""
        act = partial(look_at, rhythm=rhythm_at(self.pace))
        return (
            ALERTS,
            FETCHES,
            LEDGERS,
            ISSUES,
            assignments_at(self.pace),
            Source(name="causes", beat=5.0, find=due_causes, tell=act),
            Source(name="ended_causes", beat=60.0, find=open_causes, tell=act),
        )

    def beat_of(self, source: Source[T]) -> float:
        """Give the seconds between two looks."""
        return max(self.pace.after(source.beat).total_seconds(), SHORTEST_BEAT)

    def look(self, source: Source[T]) -> None:
        """Tell what is due; what our database does not take is there at the next look."""
        try:
            with our_trouble(), self.open_reading() as session:
                found = source.find(session, self.now())
            for account_id, thing in found:
                self._tell(source, account_id, thing, self.now())
        except OurTrouble as trouble:
            log.warning("telling.our_trouble", kind=source.name, reason=str(trouble))

    def look_at_all(self) -> None:
        """Look once for everything."""
        for source in self.sources():
            self.look(source)

    def _tell(self, source: Source[T], account_id: UUID, thing: T, now: datetime) -> None:
        with our_trouble(), self.open_session() as session:
            told = telling_of(
                session, account_id, secret_keys=self.secret_keys, portal_url=self.portal_url
            )
            source.tell(session, told, thing, now)
            session.commit()

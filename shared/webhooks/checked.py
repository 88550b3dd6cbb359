"""What a check of one vendor's webhooks found and did, and what is kept of it when it settles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.alerts import end_alert, raise_alert, webhook_stopped
from shared.number_words import counted
from shared.webhooks.book import Row, confirm, retire


@dataclass(frozen=True, kw_only=True)
class Topic:
    """How one topic's webhook was found.

    `right` is the row whose webhook stands as it should, `webhook_id` the vendor's id of that.
    `outdated` are the topic's other rows; those of them that were registered are `lost`: their
    webhooks do not stand any more, and `wrong` says why.
    """

    name: str
    right: Row | None = None
    webhook_id: str = ""
    health: str = ""
    outdated: tuple[Row, ...] = ()
    wrong: str = ""

    @property
    def lost(self) -> tuple[Row, ...]:
        """The rows whose webhooks once stood."""
        return tuple(row for row in self.outdated if row.is_registered)

    @property
    def lost_since(self) -> datetime | None:
        """From when on webhooks may have been missed; None when none were."""
        return min((row.known_good_at for row in self.lost), default=None)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The result of one check, and how it is written down with the event's end.

    Rows that lost their webhook are retired only then: after a crash the next check finds them
    once more, and with them the gap that has to be looked through. `unwanted` are rows of topics
    that are not followed any more.
    """

    account_id: UUID
    vendor: str
    seen_at: datetime
    topics: tuple[Topic, ...]
    unwanted: Sequence[Row] = ()
    made: Mapping[str, UUID] = field(default_factory=dict)
    removed: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def gaps(self) -> Mapping[str, datetime]:
        """Since when webhooks may have been missed, by topic; empty when none were."""
        since = {topic.name: topic.lost_since for topic in self.topics}
        return {name: moment for name, moment in since.items() if moment is not None}

    @property
    def summary(self) -> str:
        """Say in sentences what was found and done."""
        parts = [words for topic in self.topics if (words := self._words_of(topic))]
        if self.removed:
            parts.append(f"{counted(self.removed, 'webhook')} of ours too many removed.")
        return " ".join(parts) or f"{counted(len(self.topics), 'webhook')} found as they should be."

    def keep(self, session: Session, now: datetime) -> None:
        """Confirm what stands, retire what it replaced, end and open alerts."""
        retire(session, (row.id for row in self.unwanted), now=now)
        for topic in self.topics:
            cause = webhook_stopped(self.account_id, self.vendor, topic.name)
            row_id = topic.right.id if topic.right else self.made.get(topic.name)
            if row_id is None:
                sentence = self._words_of(topic)
                raise_alert(session, cause, sentence=sentence, raised_at=now)
                continue
            confirm(session, row_id, health=topic.health, seen_at=self.seen_at)
            retire(session, (row.id for row in topic.outdated), now=now)
            end_alert(session, cause, now=now)

    def _words_of(self, topic: Topic) -> str:
        if topic.name in self.refused:
            return f"The webhook {topic.name} is missing: {self.refused[topic.name]}"
        if topic.lost_since is not None:
            return (
                f"The webhook {topic.name} {topic.wrong}; it is registered again, and what came "
                f"since {topic.lost_since:%d %b %H:%M} UTC is compared."
            )
        return "" if topic.right else f"The webhook {topic.name} is registered."

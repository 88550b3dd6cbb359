"""What both vendors' checks share while they mend: alerts first, and one refusal stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.alerts import raise_alert, webhook_stopped
from shared.db.engine import our_trouble
from shared.errors import Permanent
from shared.webhooks.book import Registrar, Row
from shared.webhooks.checked import Checked, Topic


@dataclass(frozen=True, kw_only=True)
class Mending:
    """One check's repairs: the rows made and the vendor's words where it refused, by topic."""

    registrar: Registrar
    vendor: str
    # Without this topic's webhook the product does not work: its refusal ends the check.
    essential: str
    made: dict[str, UUID] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def make(self, topic: Topic, create: Callable[[], UUID]) -> None:
        """Have a missing webhook made; raises Permanent only for the essential one."""
        if topic.lost:
            self._tell(topic)
        try:
            self.made[topic.name] = create()
        except Permanent as refusal:
            if topic.name == self.essential:
                raise
            self.refused[topic.name] = str(refusal)

    def checked(
        self, topics: tuple[Topic, ...], *, seen_at: datetime, removed: int, unwanted: Sequence[Row]
    ) -> Checked:
        """Give the whole check's result."""
        return Checked(
            account_id=self.registrar.account_id,
            vendor=self.vendor,
            seen_at=seen_at,
            topics=topics,
            made=self.made,
            refused=self.refused,
            removed=removed,
            unwanted=unwanted,
        )

    def _tell(self, topic: Topic) -> None:
        # Committed before anything is mended: a crash or an outage must not hide that it stopped.
        registrar = self.registrar
        with our_trouble(), registrar.open_session() as session:
            raise_alert(
                session,
                webhook_stopped(registrar.account_id, self.vendor, topic.name),
                sentence=f"The webhook {topic.name} {topic.wrong}; Goodsout registers it again.",
                raised_at=registrar.now(),
            )
            session.commit()

"""The queues as the broker itself tells of them; when it does not answer, its sentence instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.portal.frame.recent import Recently
from services.portal.settings import PortalSettings
from shared.errors import OurTrouble
from shared.events import Queue
from shared.messaging.open import RABBITMQ_SCHEMES, open_broker
from shared.messaging.protocol import Broker, QueueState
from shared.messaging.rabbitmq_management import QueueRates, read_rates
from shared.messaging.redrive import Redriven, redrive
from shared.messaging.url import scheme_of, without_secret

# There is one broker for all accounts.
THE_BROKER: Final = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class BrokerView:
    """What the page shows of the broker; `troubles` are sentences about what did not answer."""

    address: str
    states: Sequence[QueueState]
    rates: Mapping[str, QueueRates]
    troubles: Sequence[str]

    def unacknowledged(self, state: QueueState) -> int | None:
        """Say what consumers of a queue hold, by whoever tells."""
        told = self.rates.get(state.queue)
        return told.messages_unacknowledged if told else state.unacknowledged


class AtBroker:
    """Looks at the broker, seldom when it is slow; connects at the first look only."""

    def __init__(self, settings: PortalSettings, recently: Recently[BrokerView]) -> None:
        self._url = settings.broker_url
        self._management = settings.rabbitmq_management_url.get_secret_value()
        self._recently = recently

    def look(self) -> BrokerView:
        """Look, or give what was seen a moment ago."""
        return self._recently.get(THE_BROKER, self._look)

    def dead_letters(self, queue: Queue) -> int:
        """Count a queue's dead letters now; raises OurTrouble."""
        [count] = [state.dead_letters for state in self._broker().states() if state.queue == queue]
        return count

    def redrive(self, queue: Queue) -> Redriven:
        """Put a queue's dead letters back; raises OurTrouble."""
        return redrive(self._broker(), queue)

    def _broker(self) -> Broker:
        return open_broker(self._url)

    def _look(self) -> BrokerView:
        troubles: list[str] = []
        states: Sequence[QueueState] = ()
        rates: Mapping[str, QueueRates] = {}
        try:
            states = self._broker().states()
        except (OurTrouble, ValueError) as trouble:
            troubles.append(str(trouble))
        if self._management and scheme_of(self._url) in RABBITMQ_SCHEMES:
            try:
                rates = read_rates(self._management, self._url)
            except OurTrouble as trouble:
                troubles.append(str(trouble))
        return BrokerView(
            address=without_secret(self._url), states=states, rates=rates, troubles=troubles
        )

"""What the notifier does when a connection broke or was mended."""

from services.notifier.alerts import tell_connections
from shared.events import CONNECTION_BROKEN
from shared.outcome import Delivered
from tests.unit.core.notebook import ACCOUNT, an_event

EVENT = an_event(name=CONNECTION_BROKEN, subject="brightpearl")


def test_each_event_has_its_vendors_alert_looked_at() -> None:
    asked = []

    def tell(account_id: object, vendor: str) -> str:
        asked.append((account_id, vendor))
        return "Brightpearl refuses our credentials."

    [unit] = tell_connections([EVENT], tell=tell)

    assert unit.run() == Delivered(
        reference="brightpearl", summary="Brightpearl refuses our credentials."
    )
    assert asked == [(ACCOUNT, "brightpearl")]


def test_a_mended_connection_is_told_as_working() -> None:
    [unit] = tell_connections([EVENT], tell=lambda _account, _vendor: "")

    assert unit.run() == Delivered(reference="brightpearl", summary="The connection works.")

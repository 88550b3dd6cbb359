"""A comparison suspects that a shipment's webhook never came."""

from services.shipment_return.announcement import Told, read_announcement
from shared.events import SHIPMENT_SUSPECTED
from shared.notes.key import NoteKey
from tests.unit.core.notebook import an_event


def test_a_suspicion_names_the_note_by_its_subject() -> None:
    event = an_event(name=SHIPMENT_SUSPECTED, subject="501")

    told = read_announcement(event, account_code="demo")

    assert told == Told(key=NoteKey(account="demo", note_id=501), order_id="")

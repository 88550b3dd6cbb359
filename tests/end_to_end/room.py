"""The sandbox's control room and the operator's commands, beside the warehouse floor."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from sqlmodel import col, select

from deploy.embedded.smoke import SmokeRun, reading
from shared.clock import utc_now
from shared.db.journal_tables import AttemptRow, EventRow
from tests.end_to_end import forged
from tests.end_to_end.floor import WITHIN, Floor
from tests.waiting import until


class Room(Floor):
    """What a person does at both vendors' desks, and counts there."""

    def __init__(self, run: SmokeRun) -> None:
        """Count from now on what the journal records."""
        super().__init__(run)
        self._began = utc_now()

    def made(self, **wish: Any) -> int:
        """Have a note of one line made in Brightpearl, without waiting for its order."""
        wanted = {"lines": 1, "warehouseId": 2, "shippingMethodId": 5, **wish}
        [order] = self.run.control("sales-orders", wanted)["orders"]
        return int(order["noteIds"][0])

    def press(self, act: str, **form: object) -> str:
        """Press a button of the control room; gives the sentence that it says."""
        sent = {name: str(value) for name, value in form.items()}
        page = requests.post(f"{self._url}/page/{act}", data=sent, timeout=10)
        said = re.search(r'role="status">(.*?)</p>', page.text)
        assert said is not None, page.text
        return said.group(1)

    def fault(self, vendor: str, kind: str, operation: str, **more: Any) -> None:
        """Have the next call of an operation go wrong."""
        body = {"vendor": vendor, "kind": kind, "operation": operation, **more}
        self.run.control("faults", body)

    def keys(self, note_id: int | str) -> list[str]:
        """List the states of the ShipHero orders that bear a note's key."""
        found = self.run.control(f"shiphero-orders?partner_order_id=GO-demo-{note_id}")
        return [str(order["fulfillment_status"]) for order in found]

    def wait_for_order(self, note_id: int) -> dict[str, Any]:
        """Wait until ShipHero has an order of a note, whether we know of it or not."""
        until(lambda: self.keys(note_id), within=WITHIN, what=f"an order of note {note_id}")
        return self.order(note_id)

    def delete_at_once(self, note_id: int) -> None:
        """Delete a note in Brightpearl, whatever we have heard of it."""
        requests.delete(f"{self._url}/control/goods-out-notes/{note_id}", timeout=10)

    def change(self, note_id: int, **details: Any) -> None:
        """Change what PUT can change of a note, as the merchant's desk does."""
        self.run.control(f"goods-out-notes/{note_id}/details", details)

    def calls(self, vendor: str) -> Mapping[str, int]:
        """Count a vendor's calls by operation, of all accounts."""
        counted: Counter[str] = Counter()
        for operations in self.run.control("calls")["operations"].get(vendor, {}).values():
            counted.update(operations)
        return counted

    def send_again(self, name: str, note_id: int, *, times: int) -> None:
        """Have a webhook about a note sent again, word for word, once it was sent."""
        number = until(lambda: self._delivered(name, note_id), within=WITHIN, what=name)
        assert "more time" in self.press("again", number=number, times=times)

    def wait_for_answers(self, name: str, note_id: int, *, count: int) -> None:
        """Wait until so many webhooks of a name about a note were taken by us."""

        def taken() -> bool:
            sent = self.run.control("webhook-deliveries")
            about = [one for one in sent if one["name"] == name and note_id in one["subjects"]]
            return [one["state"] for one in about] == ["delivered"] * count

        until(taken, within=WITHIN, what=f"{count} {name} about {note_id}")

    def steps(self, note_id: int) -> list[str]:
        """List the codes of what happened to a note."""
        return [event["eventCode"] for event in self.in_brightpearl(note_id)["events"]]

    def wait_for_reference(self, note_id: int, tracking: str) -> None:
        """Wait until a note in Brightpearl bears this tracking."""
        until(
            lambda: self.in_brightpearl(note_id)["shipping"].get("reference") == tracking,
            within=WITHIN,
            what=f"note {note_id} with {tracking}",
        )

    def events(self, name: str, **fields: Any) -> list[EventRow]:
        """Read the journal's newer events of a name whose columns have these values."""
        newer = select(EventRow).where(col(EventRow.recorded_at) >= self._began)
        with reading(self.run.environment) as session:
            found = session.exec(newer.where(EventRow.name == name)).all()
        return [
            row for row in found if all(getattr(row, one) == is_ for one, is_ in fields.items())
        ]

    def wait_for_event(self, name: str, *, count: int = 1, **fields: Any) -> list[EventRow]:
        """Wait until the journal has so many events of a name with these values."""
        return until(
            lambda: found if len(found := self.events(name, **fields)) >= count else [],
            within=WITHIN,
            what=f"{count} {name} with {fields}",
        )

    def attempts(self, name: str, note_id: int) -> list[str]:
        """Give how the attempts of a note's events of a name ended, oldest first."""
        return [str(attempt.result) for attempt in self._tried(name, note_id)]

    def codes(self, name: str, note_id: int) -> list[str]:
        """Give why the attempts of a note's events of a name ended so, oldest first."""
        return [attempt.reason_code for attempt in self._tried(name, note_id)]

    def vendor_calls(self, event: EventRow) -> list[Any]:
        """List what an event's attempts asked of the vendors."""
        with reading(self.run.environment) as session:
            of_event = select(AttemptRow).where(AttemptRow.event_id == event.id)
            return [call for attempt in session.exec(of_event) for call in attempt.vendor_calls]

    def goodsout(self, *words: str) -> str:
        """Run a command as an operator does; gives what it says."""
        _, said = forged.goodsout(self.run.environment, *words)
        return said

    def _tried(self, name: str, note_id: int) -> Sequence[AttemptRow]:
        with reading(self.run.environment) as session:
            tried = (
                select(AttemptRow)
                .join(EventRow, col(AttemptRow.event_id) == col(EventRow.id))
                .where(EventRow.name == name, EventRow.subject == str(note_id))
            )
            return session.exec(tried.order_by(col(AttemptRow.started_at))).all()

    def _delivered(self, name: str, note_id: int) -> int:
        sent = self.run.control("webhook-deliveries")
        about = [one["id"] for one in sent if one["name"] == name and note_id in one["subjects"]]
        return int(about[-1]) if about else 0

"""The warehouse floor of a running system: orders shipped, voided and cancelled by hand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import delete
from sqlmodel import Session, col, select

from deploy.embedded.smoke import SmokeRun, reading
from deploy.embedded.unfinished import unfinished
from sandbox.catalogue import ARTICLES
from sandbox.seed import APP_REF, STAFF_TOKEN
from sandbox.shiphero.seed import ACCESS_TOKEN
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.db.vendor_tables import Alert, Watermark
from shared.events import RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED, NewEvent
from shared.journal.record import new_id, record
from shared.watermarks import WHOLE
from tests.waiting import until

WITHIN = 60.0
LABELS = (
    "query ($id: String!) { order(id: $id) { data { shipments { shipping_labels { legacy_id "
    "tracking_number } } } } }"
)

WEBHOOKS = "{ webhooks { data(first: 20) { edges { node { id name } } } } }"


class Floor:
    """Nothing ships by itself here; `run` is the running system."""

    def __init__(self, run: SmokeRun) -> None:
        self.run = run
        self._url = f"http://127.0.0.1:{run.ports.sandbox}"

    def note(self, *, quantity: int = 2) -> int:
        """Have a note made in Brightpearl, of one line, and give it once its order is there."""
        wanted = {"count": 1, "notes": 1, "lines": 1, "quantity": quantity}
        note_id = int(self.run.control("sales-orders", wanted)["orders"][0]["noteIds"][0])
        self.wait(note_id, order_stage="done")
        return note_id

    def order(self, note_id: int) -> dict[str, Any]:
        """Give a note's newest order as the sandbox has it."""
        orders = self.run.control(f"shiphero-orders?partner_order_id=GO-demo-{note_id}")
        newest: dict[str, Any] = orders[-1]
        return newest

    def ship(self, note_id: int, **how: Any) -> None:
        """Ship a note's order: `parcels`, `tracking`, `lines` by SKU."""
        self.run.control(f"shiphero-orders/{self.order(note_id)['legacy_id']}/ship", how)

    def cancel(self, note_id: int) -> None:
        """Cancel a note's order at ShipHero's desk."""
        self.run.control(f"shiphero-orders/{self.order(note_id)['legacy_id']}/cancel", {})

    def void(self, note_id: int, voided: str, **how: Any) -> None:
        """Void the label with this number: `remake`, `tracking`."""
        told = self._ask(LABELS, id=self.order(note_id)["id"])
        [number] = [
            label["legacy_id"]
            for shipment in told["order"]["data"]["shipments"]
            for label in shipment["shipping_labels"]
            if label["tracking_number"] == voided
        ]
        self.run.control(f"shiphero/labels/{number}/void", how)

    def delete(self, note_id: int) -> None:
        """Delete a note in Brightpearl, and give it back once we heard of it."""
        requests.delete(f"{self._url}/control/goods-out-notes/{note_id}", timeout=10)
        until(lambda: self.row(note_id).deleted_at, within=WITHIN, what=f"{note_id} told deleted")

    def make_kits(self) -> None:
        """Let every product be a kit at ShipHero: two of one and one of another."""
        skus = [article.sku for article in ARTICLES]
        for sku, two, one in zip(skus, skus[1:] + skus, skus[2:] + skus, strict=False):
            self.run.control("shiphero/kits", {"sku": sku, "parts": {two: 2, one: 1}})

    def lose_webhooks(self, name: str) -> None:
        """Have ShipHero switch our webhook of this name off."""
        told = self._ask(WEBHOOKS)["webhooks"]["data"]["edges"]
        for webhook in (edge["node"] for edge in told):
            if webhook["name"] == name:
                path = f"shiphero/webhooks/{webhook['id']}/health"
                self.run.control(path, {"health": "UNHEALTHY"})

    def turn(self, **switches: Any) -> None:
        """Turn switches of the sandbox."""
        self.run.control("switches", switches)

    def in_brightpearl(self, note_id: int) -> dict[str, Any]:
        """Read a note."""
        path = f"/warehouse-service/order/*/goods-note/goods-out/{note_id}"
        found: dict[str, Any] = self._read(path)[str(note_id)]
        return found

    def remarks(self, note_id: int) -> list[str]:
        """Read the remarks on a note's sales order."""
        order_id = self.in_brightpearl(note_id)["orderId"]
        return [one["text"] for one in self._read(f"/order-service/order/{order_id}/note")]

    def row(self, note_id: int) -> SyncLogRow:
        """Read a note's row of the sync log; an empty one while there is none."""
        with reading(self.run.environment) as session:
            of_note = select(SyncLogRow).where(SyncLogRow.note_id == note_id)
            found = session.exec(of_note).first()
        return found or SyncLogRow(account_id=UUID(int=0), note_id=note_id, inserted_at=utc_now())

    def links(self, note_id: int) -> list[OrderLink]:
        """Read a note's order links, the present one last."""
        with reading(self.run.environment) as session:
            of_note = select(OrderLink).where(OrderLink.note_id == note_id)
            return list(session.exec(of_note.order_by(col(OrderLink.generation))))

    def alerts(self, note_id: int) -> list[Alert]:
        """Read the alerts about a note, ended ones too."""
        with reading(self.run.environment) as session:
            return list(session.exec(select(Alert).where(Alert.subject == str(note_id))))

    def wait(self, note_id: int, *, within: float = WITHIN, **fields: Any) -> SyncLogRow:
        """Wait until a note's row shows these values; when time is up, print what it waits for."""

        def row() -> list[SyncLogRow]:
            found = self.row(note_id)
            shown = {name: getattr(found, name) for name in fields}
            return [found] if shown == fields else []

        try:
            return until(row, within=within, what=f"note {note_id} with {fields}")[0]
        except AssertionError:
            with reading(self.run.environment) as session:
                print(self.row(note_id), *unfinished(session), sep="\n")  # noqa: T201 - pytest shows it
            raise

    def choose(self, **settings: Any) -> None:
        """Save settings of the account, as a new version."""
        self.write(lambda session, account: _set(session, account, settings))

    def forget(self, note_id: int) -> None:
        """Lose what the push recorded of a note's order, as a crash right before it would."""

        def lose(session: Session, _account: Account) -> None:
            row = session.exec(select(SyncLogRow).where(SyncLogRow.note_id == note_id)).one()
            row.order_stage, row.shiphero_order_id, row.synced_at = "checking", "", None
            link = session.exec(select(OrderLink).where(OrderLink.note_id == note_id)).one()
            link.shiphero_order_id, link.linked_at = "", None
            session.add_all([row, link])

        self.write(lose)

    def compare_orders(self) -> None:
        """Ask for a comparison of everything that ShipHero has changed until now."""

        def ask(session: Session, account: Account) -> None:
            # Without these the comparison is a wide one, which reaches beyond the last minute.
            session.execute(delete(Watermark).where(col(Watermark.name).startswith("shiphero:")))
            asked = NewEvent(
                account_id=account.id,
                name=SHIPHERO_RECONCILIATION_REQUESTED,
                subject="",
                dedupe_key=f"demo:test:{new_id()}",
            )
            record(session, asked, now=utc_now())

        self.write(ask)

    def compare_notes(self) -> None:
        """Ask for a comparison of all notes since go-live, and of all that are open."""

        def ask(session: Session, account: Account) -> None:
            session.execute(delete(Watermark).where(col(Watermark.name).startswith("brightpearl:")))
            asked = NewEvent(
                account_id=account.id,
                name=RECONCILIATION_REQUESTED,
                subject="",
                dedupe_key=f"demo:test:{new_id()}",
                payload={WHOLE: True},
            )
            record(session, asked, now=utc_now())

        self.write(ask)

    def write(self, write: Callable[[Session, Account], None]) -> None:
        """Write into our tables, in a transaction of its own."""
        engine = open_engine(self.run.environment["DATABASE_URL"])
        with session_maker(engine)() as session:
            write(session, session.exec(select(Account).where(Account.code == "demo")).one())
            session.commit()
        engine.dispose()

    def _ask(self, query: str, **variables: Any) -> Any:
        bearer = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
        asked = {"query": query, "variables": variables}
        return requests.post(f"{self._url}/graphql", json=asked, headers=bearer, timeout=10).json()[
            "data"
        ]

    def _read(self, path: str) -> Any:
        headers = {"brightpearl-app-ref": APP_REF, "brightpearl-staff-token": STAFF_TOKEN}
        answer = requests.get(f"{self._url}/public-api/demo{path}", headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()["response"]


def _set(session: Session, account: Account, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        setattr(account, name, value)
    account.settings_version += 1
    session.add(account)

"""Merchants in the sandbox, connected as merchants are: by consent and by password."""

import time
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from bench.budget.plant import LATENCY, MUTATION_COST, Plant
from deploy.embedded.demo import DEMO, Merchant, connect_merchant
from deploy.embedded.registered import wait_until_registered
from deploy.embedded.smoke import reading
from shared.audit import COMMAND_LINE
from shared.clock import utc_now
from shared.configuring.change import SettingsChange
from shared.configuring.saving import save
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.notes.state import DONE

LOOK_EVERY = 0.25
# Seconds until the warehouse has shipped an order: as soon as it can.
SHIP_AFTER = 1


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A connected merchant of a plant."""

    plant: Plant
    code: str
    account_id: UUID
    shiphero: int

    def make_notes(self, count: int, *, announced: bool = True) -> list[int]:
        """Have a flood of goods-out notes made, told of in one webhook or in none."""
        self.turn(webhooks_stopped=not announced)
        made = self.plant.do(
            "sales-orders", account=self.code, count=count, notes=1, lines=2,
            burst_as_one_webhook=True,
        )  # fmt: skip
        self.turn(webhooks_stopped=False)
        return [note for order in made["orders"] for note in order["noteIds"]]

    def turn(self, **switches: object) -> None:
        """Turn switches of this account alone."""
        self.plant.do(f"accounts/{self.code}/switches", **switches)

    def sync_orders(self, *, on: bool) -> None:
        """Switch order sync, as a person does; switching on releases what was held."""
        self._save(order_sync_on=on)

    def stop_syncing(self) -> None:
        """Leave the account to somebody else."""
        self._save(order_sync_on=False, shipment_sync_on=False)

    def _save(self, **switches: bool) -> None:
        engine = open_engine(self.plant.environment["DATABASE_URL"])
        with session_maker(engine)() as session:
            change = SettingsChange.model_validate(switches)
            save(session, self.account_id, change, by=COMMAND_LINE, now=utc_now())
            session.commit()
        engine.dispose()

    def wait_until(self, *, sent: int = 0, shipped: int = 0, quiet: bool = False) -> None:
        """Wait until so many notes are at ShipHero, or shipped, or nothing is left to do."""
        with reading(self.plant.environment) as session:
            while not (
                _count(session, self.account_id, SyncLogRow.order_stage) >= sent
                and _count(session, self.account_id, SyncLogRow.shipment_stage) >= shipped
                and not (quiet and _in_hand(session, self.account_id))
            ):
                session.rollback()
                time.sleep(LOOK_EVERY)


def open_shops(plant: Plant, *codes: str) -> list[Shop]:
    """Connect merchants, `demo` and new ones, and wait until the vendors hold their webhooks."""
    shops = [_open_shop(plant, code) for code in codes]
    wait_until_registered(plant.environment)
    for shop in shops:
        shop.wait_until(quiet=True)
        shop.turn(brightpearl_latency=LATENCY)
    plant.do(
        "switches", shiphero_latency=LATENCY, mutation_cost=MUTATION_COST, ship_after=SHIP_AFTER
    )
    return shops


def _open_shop(plant: Plant, code: str) -> Shop:
    if code == DEMO.code:
        merchant, shiphero = DEMO, plant.read(f"accounts/{code}")["shiphero"]
    else:
        made = plant.do("accounts", code=code)["shiphero"]
        shiphero = made["account"]
        merchant = Merchant(
            code=code,
            name=code.title(),
            shiphero_user=made["username"],
            shiphero_password=made["password"],
        )
    account_id = connect_merchant(plant.environment, merchant)
    return Shop(plant=plant, code=code, account_id=account_id, shiphero=shiphero)


def _count(session: Session, account_id: UUID, stage: object) -> int:
    done = select(func.count()).where(SyncLogRow.account_id == account_id, col(stage) == DONE)
    return session.exec(done).one()


def _in_hand(session: Session, account_id: UUID) -> int:
    open_rows = select(func.count()).where(
        EventRow.account_id == account_id,
        col(EventRow.settled_at).is_(None),
        col(EventRow.hold_cause).is_(None),
    )
    return session.exec(open_rows).one()

"""Connect a demo account to the sandbox, as a merchant would; safe to repeat."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from deploy.embedded.demo_webhooks import Registrar, register_webhooks
from deploy.embedded.parts import Ports
from shared.accounts import MAPPED, NOT_SENT
from shared.clock import utc_now
from shared.connections import BRIGHTPEARL, SHIPHERO, Connections
from shared.db.account_tables import (
    Account,
    ShippingMethodMapping,
    VendorConnection,
    WarehouseMapping,
)
from shared.db.engine import OpenSession, open_engine, reading_session_maker, session_maker
from shared.journal.record import new_id
from shared.secrets import SecretBox
from shared.vendors.http import Patience
from shared.vendors.shiphero.client import shiphero_http
from shared.vendors.shiphero.tokens import ShipHeroTokens

CODE = "demo"
EMAIL = "demo@goodsout.example"
PASSWORD = "goodsout-demo"  # noqa: S105 - of the demo account, printed at every start


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What the demo account is made with."""

    open_session: OpenSession
    connections: Connections
    box: SecretBox
    ports: Ports

    @property
    def sandbox(self) -> str:
        """Where both simulated vendors answer."""
        return f"http://127.0.0.1:{self.ports.sandbox}"


def connect_demo(environment: Mapping[str, str], ports: Ports) -> None:
    """Make the demo account, connect it, map it, register its webhooks, give it a log-in."""
    engine = open_engine(environment["DATABASE_URL"])
    box = SecretBox(environment["SECRET_KEYS"])
    opening, reading = session_maker(engine), reading_session_maker(engine)
    demo = Demo(
        open_session=opening,
        connections=Connections(opening, reading, box, now=utc_now, patience=Patience(total=10)),
        box=box,
        ports=ports,
    )
    account_id = _account(demo)
    _map(demo, account_id)
    register_webhooks(
        Registrar(
            open_session=opening,
            box=box,
            account_id=account_id,
            brightpearl=demo.connections.brightpearl(account_id),
            shiphero=demo.connections.shiphero(account_id),
            order_ingest=f"http://127.0.0.1:{ports.order_ingest}",
            shipment_return=f"http://127.0.0.1:{ports.shipment_return}",
        )
    )
    _give_log_in(environment)
    engine.dispose()


def _account(demo: Demo) -> UUID:
    with demo.open_session() as session:
        known = session.exec(select(Account).where(Account.code == CODE)).first()
    if known is not None:
        return known.id
    connections = _connections(demo)
    account = Account(
        id=new_id(),
        code=CODE,
        name="Demo Tea & Home Ltd",
        created_at=utc_now(),
        order_sync_on=True,
        shipment_sync_on=True,
        go_live_at=utc_now() - timedelta(minutes=5),
        time_zone="Europe/London",
    )
    with demo.open_session() as session:
        session.add(account)
        session.flush()
        for connection in connections:
            connection.account_id = account.id
            session.add(connection)
        session.commit()
    return account.id


def _connections(demo: Demo) -> tuple[VendorConnection, VendorConnection]:
    """Get tokens for both vendors; the account is filled in when it exists."""
    tokens = ShipHeroTokens(shiphero_http(), base_url=demo.sandbox)
    shiphero = tokens.exchange_password("demo@sandbox.test", "sandbox")
    kept = {
        "access_token": shiphero.access_token,
        "refresh_token": shiphero.refresh_token or "",
    }
    brightpearl = {"app_ref": "demo_goodsout", "staff_token": "sandbox-staff-token"}
    nobody = UUID(int=0)
    return (
        VendorConnection(
            account_id=nobody,
            vendor=BRIGHTPEARL,
            vendor_account="demo",
            base_url=f"{demo.sandbox}/public-api/demo",
            credentials=demo.box.seal_mapping(brightpearl),
            updated_at=utc_now(),
        ),
        VendorConnection(
            account_id=nobody,
            vendor=SHIPHERO,
            base_url=demo.sandbox,
            credentials=demo.box.seal_mapping(kept),
            updated_at=utc_now(),
        ),
    )


def _map(demo: Demo, account_id: UUID) -> None:
    brightpearl = demo.connections.brightpearl(account_id)
    theirs = demo.connections.shiphero(account_id).account().warehouses
    with demo.open_session() as session:
        account = session.get_one(Account, account_id)
        account.event_owner_contact_id = brightpearl.staff_contacts()[0].contact_id
        session.add(account)
        for index, warehouse in enumerate(brightpearl.warehouses()):
            match = theirs[index] if index < len(theirs) else None
            session.merge(
                WarehouseMapping(
                    account_id=account_id,
                    brightpearl_warehouse_id=warehouse.id,
                    brightpearl_name=warehouse.name,
                    decision=MAPPED if match else NOT_SENT,
                    shiphero_warehouse_id=match.id if match else "",
                    shiphero_name=match.identifier if match else "",
                )
            )
        for method in brightpearl.shipping_methods():
            session.merge(
                ShippingMethodMapping(
                    account_id=account_id,
                    brightpearl_method_id=method.id,
                    brightpearl_name=method.name,
                    # A stable name that the warehouse's own rules turn into carrier and method.
                    title=method.code or method.name,
                )
            )
        session.commit()


def _give_log_in(environment: Mapping[str, str]) -> None:
    subprocess.run(  # noqa: S603 - our own module
        [
            sys.executable,
            "-m",
            "services.portal.make_user",
            "--account",
            CODE,
            "--email",
            EMAIL,
            "--password-from-env",
            "DEMO_PASSWORD",
        ],
        env={**environment, "DEMO_PASSWORD": PASSWORD},
        check=True,
        stdout=subprocess.DEVNULL,
    )

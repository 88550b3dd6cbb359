"""What the pages show of connections: the merchant's own, alerts, and the fetch."""

from uuid import UUID, uuid4

from sqlmodel import select

from shared.db.account_tables import VendorConnection
from shared.db.journal_tables import EventRow
from shared.db.vendor_tables import Alert, FetchProgress
from shared.events import REFERENCE_REQUESTED
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.connecting import connect_brightpearl, send
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants


def test_each_merchant_sees_their_own_connection_only(
    portal: Merchants,
    vendors: Vendors,
) -> None:
    connect_brightpearl(portal.viewer(), vendors)

    page = portal.viewer(HARBOUR).get("/connections")

    assert page.text.count("Not connected") == 2


def test_a_broken_connection_shows_why_and_since_when(portal: Merchants) -> None:
    broken(portal)

    page = portal.viewer().get("/connections/live")

    assert "Needs you" in page.text
    assert "The token was taken back." in page.text


def broken(portal: Merchants) -> None:
    with portal.open_session() as session:
        session.add(
            VendorConnection(
                account_id=FERNLEAF,
                vendor="brightpearl",
                vendor_account="fernleaf",
                base_url="https://euw1.brightpearlconnect.com/public-api/fernleaf",
                kind="oauth",
                credentials="sealed",
                broken_since=NOON,
                broken_reason="The token was taken back.",
                updated_at=NOON,
            )
        )
        session.commit()


def test_an_open_alert_stands_above_the_sync_log(portal: Merchants) -> None:
    alert(portal, FERNLEAF, "Brightpearl refuses our credentials.")
    alert(portal, HARBOUR, "Of another merchant.")

    page = portal.viewer().get("/sync-log")

    assert "Brightpearl refuses our credentials." in page.text
    assert "Of another merchant." not in page.text


def alert(portal: Merchants, account_id: UUID, sentence: str) -> None:
    with portal.open_session() as session:
        session.add(
            Alert(
                id=uuid4(),
                account_id=account_id,
                kind="connection_broken",
                subject="brightpearl",
                sentence=sentence,
                raised_at=NOON,
            )
        )
        session.commit()


def test_the_fetch_shows_how_far_it_is(portal: Merchants) -> None:
    with portal.open_session() as session:
        session.add(
            FetchProgress(
                account_id=FERNLEAF,
                part="products",
                run_id=uuid4(),
                state="running",
                done=3410,
                total=12000,
                started_at=NOON,
                moved_at=NOON,
            )
        )
        session.commit()

    page = portal.viewer().get("/connections")

    assert "3,410 of 12,000" in page.text


def test_a_list_is_fetched_again_once_a_minute(portal: Merchants) -> None:
    client = portal.viewer()

    for _ in range(2):
        send(client, "/fetch", part="shipping_methods")

    with portal.open_session() as session:
        [asked] = session.exec(select(EventRow).where(EventRow.name == REFERENCE_REQUESTED)).all()
    assert asked.payload == {"part": "shipping_methods"}
    assert send(client, "/fetch", part="made-up").status_code == 400

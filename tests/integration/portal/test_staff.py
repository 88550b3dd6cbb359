"""The operator's area: every account's health, the queues, and putting dead letters back."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from shared.db.account_tables import VendorConnection
from shared.db.journal_tables import AttemptRow
from shared.db.portal_tables import AuditEntry
from shared.db.user_tables import User
from shared.db.vendor_tables import VendorBudget
from shared.messaging.open import open_broker
from tests.integration.messaging.buried import a_genuine_message, an_unreadable_message, bury
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants, token_on
from tests.integration.portal.test_dashboard import keep

MINUTE = timedelta(minutes=1)


def staff(merchants: Merchants) -> FlaskClient:
    """Log in Fernleaf's person, who runs the installation too."""
    with merchants.open_session() as session:
        [user] = session.exec(select(User).where(User.account_id == FERNLEAF)).all()
        user.is_staff = True
        session.add(user)
        session.commit()
    return merchants.viewer()


def text_of(client: FlaskClient, path: str) -> str:
    return " ".join(client.get(path).text.split())


@pytest.mark.parametrize(
    "path",
    ["/staff", f"/staff/accounts/{HARBOUR}", f"/staff/accounts/{HARBOUR}/hours.json",
     "/staff/queues", "/staff/queues/live", "/staff/queues/notifier/redrive"],
)  # fmt: skip
def test_nobody_but_staff_gets_in(sqlite_merchants: Merchants, path: str) -> None:
    assert sqlite_merchants.viewer().get(path).status_code == 403
    assert staff(sqlite_merchants).get(path).status_code in {200, 302}


def test_every_account_is_listed_those_in_trouble_first(merchants: Merchants) -> None:
    keep(
        merchants,
        VendorConnection(account_id=HARBOUR, vendor="shiphero", base_url="https://x", kind="user",
                         credentials="sealed", broken_since=NOON, updated_at=NOON),
        VendorBudget(account_id=HARBOUR, vendor="shiphero", refused=3, changed_at=NOON,
                     closed_until=NOON + MINUTE),
    )  # fmt: skip
    merchants.event(account_id=HARBOUR, subject="1", hold_cause="order_sync_off", hold_version=1)
    merchants.event(account_id=HARBOUR, subject="2")
    merchants.event(account_id=HARBOUR, subject="3", outcome="dead", settled_at=NOON)
    merchants.event(account_id=HARBOUR, name="shipment.announced", subject="4",
                    queue="shipment_return", settled_at=NOON, outcome="delivered")  # fmt: skip
    merchants.note(1, account_id=HARBOUR, order_stage="failed")

    page = text_of(staff(merchants), "/staff")

    harbour, fernleaf = page.index(">Harbour</a>"), page.index(">Fernleaf</a>")
    assert harbour < fernleaf
    row = page[harbour:fernleaf]
    assert "Broken" in row
    assert "ShipHero closed" in row
    assert '<td class="number">1</td> <td class="number warn">1</td>' in row
    assert '<td class="number bad">1</td> <td class="number bad">1</td>' in row


def test_an_app_that_brightpearl_does_not_accept_is_told_to_staff_with_its_settings(
    sqlite_merchants: Merchants,
) -> None:
    client = staff(sqlite_merchants)
    before = text_of(client, "/staff")
    for subject in ("1", "2"):
        sqlite_merchants.event(
            account_id=HARBOUR, subject=subject, reason_code="brightpearl_app_refused"
        )

    page = text_of(client, "/staff")

    assert "own app: 1 account waits. Put <code>BRIGHTPEARL_CLIENT_ID" in page
    assert "BRIGHTPEARL_CLIENT_ID" not in before


def test_the_menu_marks_one_line(sqlite_merchants: Merchants) -> None:
    client = staff(sqlite_merchants)

    pages = [client.get(path).text for path in ("/staff", "/staff/queues")]

    assert [page.count('aria-current="page"') for page in pages] == [1, 1]


def test_the_list_is_searched_by_code_and_name(sqlite_merchants: Merchants) -> None:
    client = staff(sqlite_merchants)

    found, nothing = text_of(client, "/staff?q=HARB&page=9"), text_of(client, "/staff?q=%25")

    assert ">Harbour</a>" in found
    assert ">Fernleaf</a>" not in found
    assert "No account matches" in nothing


def test_an_account_is_shown_without_its_merchants_buttons(merchants: Merchants) -> None:
    merchants.event(account_id=HARBOUR, subject="1", hold_cause="event_owner_unset",
                    hold_version=1, reason="No staff contact is chosen.")  # fmt: skip

    page = text_of(staff(merchants), f"/staff/accounts/{HARBOUR}")

    assert "<h1>Harbour</h1>" in page
    assert "No staff contact is chosen." in page
    assert "/connections/staff" not in page
    assert f"/staff/accounts/{HARBOUR}/hours.json" in page


def test_an_account_that_does_not_exist_is_missing(sqlite_merchants: Merchants) -> None:
    client = staff(sqlite_merchants)

    assert client.get("/staff/accounts/00000000-0000-0000-0000-000000000009").status_code == 404
    assert client.get("/staff/queues/nothing/redrive").status_code == 404


def test_queues_relays_and_workers_are_told(merchants: Merchants) -> None:
    event_id = merchants.event(subject="1", published_at=NOON)
    keep(merchants, AttemptRow(event_id=event_id, number=1, worker="shiphero_push@push-1:41",
                               started_at=NOON))  # fmt: skip
    merchants.event(subject="2", queue="notifier", due_at=NOON - MINUTE, account_id=HARBOUR)
    merchants.app = merchants.portal(broker_url="memory://of-staff")
    open_broker("memory://of-staff").declare()

    page = text_of(staff(merchants), "/staff/queues")

    assert "No relay seems to publish" in page
    assert '<td class="ids">push-1</td><td class="number ids">41</td>' in page
    assert "memory://of-staff" in page


def test_a_broker_that_fails_spoils_its_own_part_only(
    sqlite_merchants: Merchants, tmp_path: Path
) -> None:
    sqlite_merchants.app = sqlite_merchants.portal(broker_url=f"filesystem://{tmp_path}/nowhere")

    page = text_of(staff(sqlite_merchants), "/staff/queues")

    assert "fails:" in page
    assert "In the journal" in page


def test_dead_letters_are_put_back_once_that_was_asked_and_recorded(
    sqlite_merchants: Merchants, tmp_path: Path
) -> None:
    url = f"filesystem://{tmp_path}/broker"
    broker = open_broker(url)
    broker.declare()
    bury(broker, [a_genuine_message(), an_unreadable_message()])
    sqlite_merchants.app = sqlite_merchants.portal(broker_url=url)
    client = staff(sqlite_merchants)

    asking = client.get("/staff/queues/notifier/redrive")
    done = client.post("/staff/queues/notifier/redrive", data={"csrf_token": token_on(asking)},
                       follow_redirects=True)  # fmt: skip

    assert "Put 2 dead letters back into notifier?" in asking.text
    assert "1 message went back into notifier; 1 message nobody can read stay" in done.text
    with sqlite_merchants.open_session() as session:
        [entry] = session.exec(select(AuditEntry)).all()
    assert (entry.account_id, entry.act, entry.subject) == (FERNLEAF, "queue_redriven", "notifier")

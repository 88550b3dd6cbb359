"""Encrypting everything anew while processes run."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.connecting.rotation import Rotated, rotate
from shared.db.account_tables import VendorConnection, WebhookSubscription
from shared.db.correction_tables import NoteCorrection
from shared.db.destination_tables import Destination
from shared.secrets import SecretBox, digest, new_key
from tests.integration.connecting.merchant import ACCOUNT, BRIGHTPEARL, Merchant
from tests.waiting import until


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    """Give a merchant with a webhook that has both secrets, and a destination."""
    merchant.connect_brightpearl()
    merchant.connect_shiphero()
    merchant.keep(
        WebhookSubscription(
            id=UUID(int=7),
            account_id=ACCOUNT,
            vendor=BRIGHTPEARL,
            topic="goods-out-note",
            path_digest=digest("path-1"),
            path_secret=merchant.box.seal("path-1"),
            signing_secret=merchant.box.seal("sign-1"),
            created_at=merchant.now(),
        )
    )
    merchant.keep(
        Destination(
            id=UUID(int=8),
            account_id=ACCOUNT,
            name="Ops",
            way="webhook",
            address=merchant.box.seal("https://ops.example/in"),
            shown_address="https://ops.example/…",
            secret=merchant.box.seal("whsec_1"),
            made_by="ann@acme.example",
            made_at=merchant.now(),
        )
    )
    merchant.keep(
        NoteCorrection(
            account_id=ACCOUNT,
            note_id=7001,
            sealed=merchant.box.seal_mapping({"postcode": "LS1 4AB", "was:postcode": ""}),
            fields=["postcode"],
            made_by="ann@acme.example",
            made_at=merchant.now(),
        )
    )
    return merchant


def go(merchant: Merchant, keys: str) -> list[Rotated]:
    return list(rotate(merchant.open_session, SecretBox(keys), lambda *_told: None))


def test_everything_is_encrypted_with_the_newest_key(connected: Merchant) -> None:
    newest = new_key()

    told = go(connected, f"{newest},{connected.key}")

    assert [(one.kind, one.renewed) for one in told] == [
        ("connections", 2),
        ("webhooks", 1),
        ("destinations", 1),
        ("corrections", 1),
        ("second factors", 0),
    ]
    alone = SecretBox(newest)
    assert alone.open_mapping(connected.row().credentials)["access_token"]
    with connected.session() as session:
        hook = session.get_one(WebhookSubscription, UUID(int=7))
        ops = session.get_one(Destination, UUID(int=8))
        corrected = session.get_one(NoteCorrection, (ACCOUNT, 7001))
    assert alone.open_mapping(corrected.sealed)["postcode"] == "LS1 4AB"
    assert (alone.open(hook.path_secret), alone.open(hook.signing_secret or "")) == (
        "path-1", "sign-1",
    )  # fmt: skip
    assert (alone.open(ops.address), alone.open(ops.secret), ops.old_secret) == (
        "https://ops.example/in", "whsec_1", "",
    )  # fmt: skip


def test_a_second_run_has_nothing_to_do(connected: Merchant) -> None:
    keys = f"{new_key()},{connected.key}"
    go(connected, keys)

    told = [(one.renewed, one.untouched) for one in go(connected, keys)]
    assert told == [(0, 2), (0, 1), (0, 1), (0, 1), (0, 0)]


def test_a_process_with_both_keys_goes_on_meanwhile(connected: Merchant) -> None:
    keys = f"{new_key()},{connected.key}"
    connected.box = SecretBox(keys)
    running = connected.process()
    client = running.brightpearl(ACCOUNT)
    connected.vendors.control("accounts/demo/tokens/expire")

    go(connected, keys)

    assert client.warehouses()
    assert connected.row().credentials_version == 2
    assert running.brightpearl(ACCOUNT).warehouses()


def test_what_no_key_opens_is_named_and_left_alone(connected: Merchant) -> None:
    with connected.session() as session:
        row = session.get_one(VendorConnection, (ACCOUNT, BRIGHTPEARL))
        row.credentials = SecretBox(new_key()).seal("{}")
        session.commit()

    connections, *_ = go(connected, connected.key)

    assert connections.untouched == 1
    assert BRIGHTPEARL in connections.unreadable[0]


def test_credentials_that_are_just_being_written_are_waited_for(
    postgresql_merchant: Merchant,
) -> None:
    merchant = postgresql_merchant
    merchant.connect_brightpearl()
    newer = merchant.box.seal_mapping({"access_token": "newer"})
    keys = f"{new_key()},{merchant.key}"
    with ThreadPoolExecutor(1) as pool, merchant.session() as session:
        row = session.get_one(VendorConnection, (ACCOUNT, BRIGHTPEARL), with_for_update=True)
        row.credentials = newer
        session.flush()
        rotating = pool.submit(go, merchant, keys)
        until(lambda: somebody_waits(merchant), what="the rotation waits for the row")
        session.commit()
        rotating.result()

    assert SecretBox(keys).open_mapping(merchant.row().credentials) == {"access_token": "newer"}


def somebody_waits(merchant: Merchant) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with merchant.engine.connect() as connection:
        return bool(connection.execute(text(waiting)).scalar_one())

"""Notes are found by their customer's whole address or name, by those who may see personal data."""

from datetime import timedelta
from urllib.parse import quote_plus
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import select

from services.portal.log.matching import matching
from services.portal.log.wanted import Wanted
from shared.db.list_tables import BulkAct, SavedView
from shared.db.note_tables import SYNC_LOG
from shared.db.portal_tables import AuditEntry, NotePerson
from shared.db.row_security import enter
from shared.notes.persons import PersonDigests
from shared.secrets import new_key
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    KEY,
    NOON,
    Merchants,
    notes_on,
)
from tests.integration.portal.notes import colleague, press
from tests.integration.portal.programs import Program, a_token

DIGESTS = PersonDigests(KEY)


def bought(
    merchants: Merchants,
    note_id: int,
    *people: str,
    account_id: UUID = FERNLEAF,
    digests: PersonDigests = DIGESTS,
) -> None:
    """Keep a note and whose it is."""
    came = NOON - timedelta(hours=1) + timedelta(seconds=note_id)
    merchants.note(note_id, account_id, customer_reference=f"SHOP-{note_id}", inserted_at=came)
    merchants.keep(
        *(
            NotePerson(account_id=account_id, digest=one, note_id=note_id, kept_at=NOON)
            for one in digests.kept(account_id, *people)
        )
    )


def found(client: FlaskClient, typed: str) -> list[int]:
    return notes_on(client.get(f"/sync-log?q={quote_plus(typed)}"))


@pytest.fixture
def shop(merchants: Merchants) -> Merchants:
    """Give Fernleaf three notes, two of Ida Moss, and Harbour one of hers."""
    bought(merchants, 1, "ida@example.com", "Ida Moss", "Moss & Fern Ltd")
    bought(merchants, 2, "IDA@example.com", "Ida Moss")
    bought(merchants, 3, "bo@example.com", "Bo Reed")
    bought(merchants, 4, "ida@example.com", "Ida Moss", account_id=HARBOUR)
    return merchants


def test_an_operator_finds_a_customers_notes_by_address_name_or_company(shop: Merchants) -> None:
    client = colleague(shop, "operator")

    assert found(client, "Ida@Example.com") == [2, 1]
    assert found(client, "ida  moss") == [2, 1]
    assert found(client, "moss & fern ltd") == [1]
    assert found(client, "Moss") == []


def test_a_viewer_finds_nobody_and_is_told_who_does(shop: Merchants) -> None:
    client = shop.looker()

    page = client.get("/sync-log?q=ida@example.com").text

    assert "operators and owners of your account find notes" in page
    assert found(client, "Ida Moss") == []
    assert "customer" not in page.split('id="search-hint"')[1].split("</small>")[0]


def test_what_is_found_by_its_whole_alone_is_said_where_it_is_typed(shop: Merchants) -> None:
    page = shop.viewer().get("/sync-log").text

    hint = page.split('id="search-hint">')[1].split("</small>")[0]
    assert "a customer's e&#8209;mail, name or company only as a whole" in hint
    assert 'aria-describedby="search-hint"' in page


def test_the_export_and_a_bulk_act_take_what_the_search_finds(shop: Merchants) -> None:
    client = shop.viewer()

    file = client.get("/sync-log/export.csv?q=ida+moss").text
    plan = client.get("/sync-log/plan?act=retry&all=1&q=ida+moss").text

    assert ("SHOP-1" in file, "SHOP-2" in file, "SHOP-3" in file) == (True, True, False)
    assert "<strong>2</strong> match" in plan


def test_nothing_that_is_kept_names_a_customer(shop: Merchants) -> None:
    client = shop.viewer()
    form = {"act": "handle", "all": "1", "why": "By hand", "q": "ida moss"}

    press(client, "/sync-log/plan/carry-out", **form)
    press(client, "/sync-log/views", name="Ida's", q="ida moss")
    press(client, "/sync-log/views", name="Nobody's", q="zoe@example.com")

    with shop.open_session() as session:
        [act] = session.exec(select(BulkAct)).all()
        trail = session.exec(select(AuditEntry)).all()
        assert session.exec(select(SavedView)).all() == []
    assert act.chosen_by == "Search: a customer"
    assert [one.after for one in trail] == ["Search: a customer: By hand"]
    assert "A view is kept, and customers" in client.get("/sync-log").text


def test_a_program_needs_a_token_that_was_made_for_it(shop: Merchants) -> None:
    for_it = Program(shop, a_token(shop, scopes=["log:read", "customers:search"]))
    reading = Program(shop, a_token(shop, scopes=["log:read"]))

    assert noted(for_it) == [2, 1]
    assert noted(reading) == []


def noted(program: Program) -> list[int]:
    answer = program.get("/sync-log?q=ida@example.com").get_json()
    return [note["note_id"] for note in answer["notes"]]


def test_what_an_older_key_kept_is_found_while_it_is_held(sqlite_merchants: Merchants) -> None:
    old = new_key()
    bought(sqlite_merchants, 1, "Ida Moss", digests=PersonDigests(old))
    without = found(sqlite_merchants.viewer(), "Ida Moss")

    sqlite_merchants.app = sqlite_merchants.portal(secret_keys=SecretStr(f"{KEY},{old}"))

    assert (without, found(sqlite_merchants.viewer(), "Ida Moss")) == ([], [1])


def test_an_index_leads_to_a_customers_newest_notes(postgresql_engine: Engine) -> None:
    merchants = Merchants(postgresql_engine)
    wanted = Wanted(text="ida moss", digests=DIGESTS.sought(FERNLEAF, "ida moss"))
    asked = select(SYNC_LOG.c.note_id).where(*matching(FERNLEAF, wanted, now=NOON))
    written = asked.compile(postgresql_engine, compile_kwargs={"literal_binds": True})

    with merchants.engine.connect() as connection:
        enter(connection, FERNLEAF)
        # A handful of rows would rather be read than looked up.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = connection.execute(text(f"EXPLAIN {written}")).scalars().all()

    place = next(at for at, step in enumerate(plan) if "note_person_pkey" in step)
    assert "Index Only Scan Backward" in plan[place]
    assert "digest" in plan[place + 1]

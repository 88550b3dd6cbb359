"""What a program gets of the API, call by call."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from shared.db.account_tables import Account, WarehouseMapping
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.portal_tables import AuditEntry, RateCount
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants
from tests.integration.portal.programs import Program, a_token


def program_of(merchants: Merchants, **token: Any) -> Program:
    return Program(merchants, a_token(merchants, **token))


def notes_in(answer: Any) -> list[int]:
    return [note["note_id"] for note in answer.get_json()["notes"]]


def test_pages_join_without_a_gap(merchants: Merchants) -> None:
    for note_id in range(1, 8):
        merchants.note(note_id, inserted_at=NOON)
    program = program_of(merchants)

    first = program.get("/sync-log?limit=3")
    second = program.get(f"/sync-log?limit=3&before={first.get_json()['next']}")
    third = program.get(f"/sync-log?limit=3&before={second.get_json()['next']}")

    assert notes_in(first) + notes_in(second) + notes_in(third) == [7, 6, 5, 4, 3, 2, 1]
    assert third.get_json()["next"] is None


def test_notes_are_filtered(merchants: Merchants) -> None:
    merchants.note(1, customer_reference="SHOP-1", order_stage="done")
    merchants.note(2, customer_reference="SHOP-2")
    merchants.note(3, order_stage="failed", order_reason_code="sku_unknown")
    wanted = {
        "state=needs_you": [3],
        "q=SHOP-2": [2],
        "q=%00": [],
        "reason=sku_unknown": [3],
        "inserted_from=2026-11-24T12:00:02Z": [3, 2],
        "inserted_from=2026-11-24T12:00:02Z&inserted_before=2026-11-24T13:00:03%2B01:00": [2],
        "inserted_from=0001-01-01T00:00:00%2B14:00&limit=200": [3, 2, 1],
    }
    program = program_of(merchants)

    assert {query: notes_in(program.get(f"/sync-log?{query}")) for query in wanted} == wanted


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=201", "limit"),
        ("limit=0", "limit"),
        ("state=lost", "state"),
        ("stat=needs_you", "stat"),
        ("inserted_from=2026-11-24T12:00:02", "inserted_from"),
        ("before=x", "before"),
        ("before=t1-9999999999", "before"),
        ("reason=%00", "reason"),
        ("limit=1&limit=2", "limit"),
    ],
)
def test_what_is_no_filter_is_refused_by_its_name(
    sqlite_merchants: Merchants, query: str, field: str
) -> None:
    answer = program_of(sqlite_merchants).get(f"/sync-log?{query}")

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list(answer.get_json()["faults"]) == [field]


def test_details_tell_the_events_with_their_attempts_and_what_to_do(
    sqlite_merchants: Merchants,
) -> None:
    sqlite_merchants.note(7001, order_stage="failed", order_reason_code="sku_unknown",
                   order_reason="SKU TEA is not in ShipHero.")  # fmt: skip
    event_id = sqlite_merchants.event(subject="7001", outcome="dead", settled_at=NOON, tries=1)
    calls = [{"vendor": "shiphero", "operation": "order_create", "status": 400, "seconds": 0.4}]
    sqlite_merchants.keep(
        AttemptRow(event_id=event_id, number=1, worker="w", started_at=NOON, ended_at=NOON,
                   result="dead", vendor_calls=calls)
    )  # fmt: skip

    told = program_of(sqlite_merchants).get("/sync-log/7001").get_json()

    assert told["note"]["state"] == "needs_you"
    assert told["note"]["order"]["word"] == "Failed"
    [event] = told["events"]
    assert event["outcome"] == "dead"
    assert event["attempts"][0]["calls"][0]["operation"] == "order_create"
    assert told["advice"]["urgent"]
    assert told["advice"]["happened"] == "SKU TEA is not in ShipHero."


def test_a_retry_replays_what_failed_and_is_in_the_trail(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="failed")
    event_id = merchants.event(subject="7001", outcome="dead", settled_at=NOON, reason="No SKU.")

    answer = program_of(merchants).call("POST", "/sync-log/7001/retry")

    assert answer.get_json()["done"]
    with merchants.open_session() as session:
        replay = session.exec(select(EventRow).where(EventRow.replay_of == event_id)).one()
        entry = session.exec(select(AuditEntry)).one()
    assert replay.subject == "7001"
    assert (entry.act, entry.who, entry.subject) == ("retried", "token Warehouse screen", "7001")


def test_a_planned_try_is_brought_forward(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, order_stage="retrying")
    event_id = sqlite_merchants.event(subject="7001", due_at=NOON + timedelta(hours=1))

    program_of(sqlite_merchants).call("POST", "/sync-log/7001/retry")

    with sqlite_merchants.open_session() as session:
        assert session.get_one(EventRow, event_id).due_at == NOON


def test_where_a_retry_would_not_help_it_says_why(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, order_stage="done", shipment_stage="done")

    told = program_of(sqlite_merchants).call("POST", "/sync-log/7001/retry").get_json()

    assert not told["done"]
    assert "nothing to retry" in told["sentences"][0]


def undecided(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        session.add(WarehouseMapping(account_id=FERNLEAF, brightpearl_warehouse_id=3,
                                     brightpearl_name="Outlet", decision="undecided"))  # fmt: skip
        session.commit()
    merchants.event(subject="7001", hold_cause="warehouse_undecided:3", hold_version=1)


OUTLET = "a decision on warehouse Outlet (3)"
SKIPPED = "skipped: the warehouse is left out."
LEFT_OUT = {"warehouses": [{"id": 3, "decision": "not_sent"}]}


def test_a_dry_run_only_says_what_it_would_set_free(sqlite_merchants: Merchants) -> None:
    undecided(sqlite_merchants)

    answer = program_of(sqlite_merchants).call("PATCH", "/configuration?dry_run=true", LEFT_OUT)

    told = answer.get_json()
    assert told["effect"]["released"] == {"warehouse_undecided:3": 1}
    assert told["effect"]["sentences"] == [f"1 held order waiting for {OUTLET} will be {SKIPPED}"]
    assert told["changes"] == [
        {"field": "warehouses.3", "subject": "Warehouse Outlet (3)", "before": "undecided",
         "after": "not sent"}
    ]  # fmt: skip
    assert program_of(sqlite_merchants).get("/configuration").get_json()["version"] == 1


def test_a_change_is_saved_and_sets_free_what_waited(merchants: Merchants) -> None:
    undecided(merchants)
    program = program_of(merchants)

    answer = program.call("PATCH", "/configuration", {**LEFT_OUT, "order_sync_on": True})

    told = answer.get_json()
    assert (told["changed"], told["version"]) == (True, 2)
    assert told["effect"]["released"] == {"warehouse_undecided:3": 1}
    assert told["effect"]["sentences"] == [
        f"1 held order that waited for {OUTLET} is being {SKIPPED}"
    ]
    assert [one["subject"] for one in told["changes"]] == ["Order sync", "Warehouse Outlet (3)"]
    now = program.get("/configuration").get_json()
    assert (now["order_sync_on"], now["warehouses"][0]["decision"]) == (True, "not_sent")
    with merchants.open_session() as session:
        entries = session.exec(select(AuditEntry)).all()
    assert {entry.who for entry in entries} == {"token Warehouse screen"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"warehouses": [{"id": 9, "decision": "not_sent"}]}, "warehouses.9"),
        ({"warehouses": [{"id": 3, "decision": "not_sent"}] * 2}, "warehouses.3"),
        ({"order_number_template": "{nonsense}"}, "order_number_template"),
        ({"order_sync": True}, "order_sync"),
        ({"order_sync_on": "yes"}, "order_sync_on"),
        ({"go_live_at": "0206-11-24T09:00:00Z"}, "go_live_at"),
        ({"brightpearl_share": 101}, "brightpearl_share"),
        ([], "body"),
    ],
)
def test_a_change_that_cannot_be_saved_says_so_by_field(
    sqlite_merchants: Merchants, body: Any, field: str
) -> None:
    undecided(sqlite_merchants)
    program = program_of(sqlite_merchants)

    answer = program.call(
        "PATCH", "/configuration", {"order_sync_on": True, **body} if body else []
    )

    assert answer.status_code == 422
    assert field in answer.get_json()["faults"]
    with sqlite_merchants.open_session() as session:
        assert session.get_one(Account, FERNLEAF).settings_version == 1


def test_an_event_owner_needs_brightpearl(sqlite_merchants: Merchants) -> None:
    program = program_of(sqlite_merchants)

    answer = program.call("PATCH", "/configuration", {"event_owner_contact_id": 5})

    assert answer.status_code == 409


def test_a_body_that_is_no_json_is_refused(sqlite_merchants: Merchants) -> None:
    headers = {"Authorization": f"Bearer {a_token(sqlite_merchants)}"}
    client, address = sqlite_merchants.visitor(), "/api/v1/configuration"

    plain = client.patch(address, headers=headers, data="x")
    broken = client.patch(address, headers=headers, data="{", content_type="application/json")
    long = client.patch(address, headers=headers, data=" " * 500_001,
                        content_type="application/json")  # fmt: skip

    assert [plain.status_code, broken.status_code, long.status_code] == [415, 422, 413]
    assert {answer.content_type for answer in (plain, broken, long)} == {"application/problem+json"}


def test_the_ledger_is_the_accounts_own(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="done")
    merchants.event(subject="7001", outcome="dead", settled_at=NOON)

    told = program_of(merchants).get("/ledger").get_json()

    assert (told["account"], told["unexplained"], told["dead_letters"]) == ("fernleaf", 0, 1)
    assert told["notes"]["synced"] == 1
    assert [day["notes"] for day in told["days"] if day["notes"]] == [{"synced": 1}]


def test_health_tells_what_is_due_and_what_waits(merchants: Merchants) -> None:
    merchants.event(subject="1", due_at=NOON - timedelta(minutes=2))
    merchants.event(subject="2", due_at=NOON + timedelta(minutes=2))
    merchants.event(subject="3", published_at=NOON)
    merchants.event(subject="4", hold_cause="order_sync_off")

    told = program_of(merchants, scopes=()).get("/health").get_json()

    backlog = told["backlog"]
    assert (backlog["due"], backlog["planned"], backlog["in_hand"]) == (1, 1, 1)
    assert backlog["held"] == {"order_sync_off": 1}
    assert backlog["oldest_due_at"] == "2026-11-24T11:58:00Z"
    assert [one["standing"] for one in told["connections"]] == ["absent", "absent"]


def test_a_token_is_refused_when_it_is_used_too_often(merchants: Merchants) -> None:
    merchants.app = merchants.portal(api_calls_a_minute=2)
    often, another = program_of(merchants), program_of(merchants, name="Another")
    often.get("/health")
    often.get("/health")

    refused = often.get("/health")

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert another.get("/health").status_code == 200
    merchants.now = NOON + timedelta(minutes=1)
    assert often.get("/health").status_code == 200
    with merchants.open_session() as session:
        assert len(session.exec(select(RateCount)).all()) == 2


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/nothing", "/api/v1/sync-log/0", "/api/v1/x/y"]
)
def test_what_is_not_there_is_said_as_a_problem(sqlite_merchants: Merchants, path: str) -> None:
    answer = program_of(sqlite_merchants).get(path)

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_method_that_is_not_there_names_those_that_are(sqlite_merchants: Merchants) -> None:
    answer = program_of(sqlite_merchants).call("DELETE", "/configuration")

    assert answer.status_code == 405
    assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))


def test_a_silent_database_is_said_as_a_problem(sqlite_merchants: Merchants) -> None:
    program = program_of(sqlite_merchants)
    with sqlite_merchants.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE api_token")

    answer = program.get("/health")

    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "api_token" not in answer.text


def test_a_token_of_an_unknown_person_is_no_matter(sqlite_merchants: Merchants) -> None:
    # Tokens are the account's: who made one may have left.
    token = a_token(sqlite_merchants, name=f"Of {uuid4().hex}")

    assert Program(sqlite_merchants, token).get("/health").status_code == 200

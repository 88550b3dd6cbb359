"""The dashboard's words: doors for every cause, spans, verdicts, shares."""

import inspect
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.portal.dashboard.proof import verdict_of
from services.portal.dashboard.setup import Mapped, steps_of
from services.portal.dashboard.spending import Use, spending_of
from services.portal.dashboard.waits import door_of
from services.portal.staff.journal import worker_of
from shared.accounts import stands_in_the_way
from shared.db.account_tables import Account
from shared.number_words import counted, lasting
from shared.took import Took, took
from shared.watermarks import NOTES, ORDERS, Compared

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


# What settings can stand in the way, as the code itself tells them apart.
CAUSES = re.findall(r'case "(\w+)"', inspect.getsource(stands_in_the_way))


@pytest.mark.parametrize("cause", [*(f"{kind}:7" for kind in CAUSES), "connection_broken:shiphero"])
def test_every_cause_has_a_door(cause: str) -> None:
    assert len(CAUSES) > 5
    assert door_of(cause) is not None


def test_a_door_leads_to_the_very_row() -> None:
    door = door_of("warehouse_undecided:7")

    assert door is not None
    assert (door.endpoint, door.values) == ("configuration.show", {"_anchor": "warehouse-7"})


def test_a_cause_that_nobody_knows_has_no_door() -> None:
    assert door_of("moon_in_the_wrong_phase:3") is None
    assert door_of("connection_broken:ebay") is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (4.24, "4.2 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3540, "59 min"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (36_000, "10 h"),
        (200_000, "2 days"),
    ],
)
def test_a_span_is_written_for_people(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


def test_numbers_have_their_nouns() -> None:
    assert (counted(1, "entry", "entries"), counted(2000, "note")) == ("1 entry", "2,000 notes")


def test_the_median_and_what_nineteen_of_twenty_stay_below() -> None:
    assert took([]) is None
    assert took([3.0, -1.0, 1.0]) == Took(count=3, half=1.0, most=3.0)


def judged(unexplained: int = 0, differences: int = 0, **ages: float) -> str:
    lists = {"notes": NOTES, "orders": ORDERS}
    by_name = {
        lists[name]: Compared(
            name=lists[name],
            reached=NOON,
            compared_at=NOON - timedelta(minutes=minutes),
            found=1,
            missed=0,
        )
        for name, minutes in ages.items()
    }
    return verdict_of(unexplained, differences, by_name, now=NOON).colour


def test_only_what_was_compared_lately_is_proved() -> None:
    assert judged(notes=5, orders=5) == "green"
    assert judged(notes=5, orders=61) == "amber"
    assert judged(notes=5) == "grey"
    assert judged(differences=1, notes=5, orders=5) == "amber"
    assert judged(unexplained=1, differences=1, notes=5, orders=5) == "red"


def test_a_call_that_several_notes_share_counts_once() -> None:
    read = {"vendor": "brightpearl", "started": "a", "request_id": "1", "budget": {}}
    made = {"vendor": "shiphero", "started": "b", "request_id": "2", "budget": {"cost": 12}}
    shipped = {"vendor": "brightpearl", "started": "c", "request_id": "3"}

    spent = spending_of([
        ("goods_out_note.changed", [read, made]),
        ("goods_out_note.changed", [read]),
        ("shipment.announced", [shipped]),
    ])  # fmt: skip

    assert spent["brightpearl"] == [
        Use(words="orders", percent=50),
        Use(words="shipments", percent=50),
    ]
    assert spent["shiphero"] == [Use(words="orders", percent=100)]


def steps(**known: Any) -> dict[str, bool]:
    account = Account(id=UUID(int=1), code="a", name="A", created_at=NOON, **known)
    found = steps_of(
        account,
        connected=2,
        loaded=False,
        warehouses=Mapped(decided=3, total=4),
        methods=Mapped(decided=1, total=9),
        tried=False,
        now=NOON,
    )
    return {step.name: step.done for step in found}


def test_a_warehouse_that_is_undecided_keeps_its_step_open() -> None:
    assert steps() == {
        "Connect": True,
        "Load": False,
        "Map warehouses": False,
        "Check methods": True,
        "Dry run": False,
        "Go live": False,
    }


def test_who_is_live_needs_no_dry_run_and_is_not_asked_to_load() -> None:
    told = steps(order_sync_on=True, go_live_at=NOON)

    assert (told["Load"], told["Dry run"], told["Go live"]) == (True, True, True)


def test_shadow_mode_is_not_live_yet() -> None:
    told = steps(order_sync_on=True, go_live_at=NOON, shadow_on=True)

    assert (told["Dry run"], told["Go live"]) == (True, False)


def test_a_workers_name_tells_where_it_runs() -> None:
    worker = worker_of("notifier@ip-10-0-0-1:77", 3, NOON)

    assert (worker.queue, worker.host, worker.process) == ("notifier", "ip-10-0-0-1", "77")

"""Over any history, the report's numbers are the log's own, counted one by one."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from services.notifier.report.numbers import PLACES
from services.portal.log.matching import matching
from services.portal.log.wanted import Wanted
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.notes.state import ORDER, SHIPMENT, STAGES
from tests.integration.report.merchant import DAY, LONDON, NOON, Merchant

CODES = ("", "sku_unknown", "before_go_live", "warehouse_undecided", "shiphero_trouble")


@pytest.mark.parametrize("seed", range(6))
def test_the_numbers_are_those_of_the_log(merchant: Merchant, seed: int) -> None:
    rows = a_history(merchant, random.Random(seed))
    keep(merchant, rows)

    facts = merchant.facts()

    def of_day(at: datetime | None) -> bool:
        return at is not None and at.astimezone(LONDON).date() == DAY

    came_in = [row for row in rows if of_day(row.inserted_at)]
    assert facts.tally.received == facts.of_day.received == len(came_in)
    assert facts.of_day.sent == sum(of_day(row.synced_at) for row in rows)
    assert facts.of_day.shipped == sum(of_day(row.shipped_at) for row in rows)
    assert sum(facts.tally.by_place[place] for place in PLACES) == len(came_in)
    assert facts.need_you == log_counts(merchant)["needs_you"]
    assert facts.standing.under_way == log_counts(merchant)["on_the_way"]
    assert facts.standing.at_shiphero == log_counts(merchant)["synced"]


@pytest.mark.parametrize("seed", range(3))
def test_the_places_of_the_day_s_notes_are_the_states_of_the_log(
    merchant: Merchant, seed: int
) -> None:
    keep(merchant, a_history(merchant, random.Random(100 + seed)))

    places = merchant.facts().tally.by_place

    log = log_counts(merchant, since=DAY, until=DAY, zone=LONDON.key)
    needs = ("held", "failed", "shipment_held", "shipment_failed")
    assert sum(places[place] for place in needs) == log["needs_you"]
    assert {
        "shipped": places["shipped"], "synced": places["at_shiphero"],
        "on_the_way": places["under_way"], "handled": places["handled"],
        "cancelled": places["cancelled"], "skipped": places["skipped"],
    } == {state: log[state] for state in
          ("shipped", "synced", "on_the_way", "handled", "cancelled", "skipped")}  # fmt: skip


def log_counts(merchant: Merchant, **wanted: object) -> Counter[str]:
    """Count as the sync log's page does, by state."""
    conditions = matching(merchant.account, Wanted(**wanted), now=merchant.books.clock())  # type: ignore[arg-type]
    state = SYNC_LOG.c.state
    with merchant.books.open_session() as session:
        rows = session.execute(select(state, func.count()).where(*conditions).group_by(state))
        return Counter({name: count for name, count in rows})  # noqa: C416 - rows are no pairs to mypy


def a_history(merchant: Merchant, dice: random.Random) -> list[SyncLogRow]:
    """Make up to 300 notes of four days, each at any two stages."""
    return [a_note(merchant, dice, note_id) for note_id in range(1, dice.randint(20, 300))]


def a_note(merchant: Merchant, dice: random.Random, note_id: int) -> SyncLogRow:
    came_in = NOON + timedelta(minutes=dice.randint(-48 * 60, 19 * 60))
    synced = came_in + timedelta(minutes=dice.randint(0, 900)) if dice.random() < 0.7 else None
    shipped = synced + timedelta(minutes=dice.randint(1, 900)) if synced else None
    return SyncLogRow(
        account_id=merchant.account,
        note_id=note_id,
        inserted_at=came_in,
        synced_at=synced,
        shipped_at=shipped if dice.random() < 0.5 else None,
        order_stage=dice.choice(STAGES[ORDER]),
        shipment_stage=dice.choice(STAGES[SHIPMENT]),
        order_reason_code=dice.choice(CODES),
        shipment_reason_code=dice.choice(CODES),
        handled_at=NOON if dice.random() < 0.2 else None,
    )


def keep(merchant: Merchant, rows: list[SyncLogRow]) -> None:
    with merchant.books.session() as session:
        session.add_all(SyncLogRow(**row.model_dump()) for row in rows)

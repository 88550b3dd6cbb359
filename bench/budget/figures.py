"""Each figure of `make bench-budget`, measured on a plant of its own or on a shared one."""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.budget.counted import Counted, count_afresh, counted
from bench.budget.merchants import Shop
from shared.clock import utc_now
from shared.db.engine import open_engine, session_maker
from shared.events import RECONCILIATION_REQUESTED, NewEvent
from shared.journal.record import record

MINUTE = 60.0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table; `holds` is None for what is only told beside the others."""

    name: str
    measured: float
    must: str
    holds: bool | None
    remark: str = ""


def a_backlog(shop: Shop, notes: int) -> list[Figure]:
    """Flood one account with notes, and see what their whole round trip takes."""
    shop.sync_orders(on=False)
    shop.make_notes(notes)
    shop.wait_until(quiet=True)
    count_afresh(shop.plant, shop.code)
    begun = time.monotonic()
    shop.sync_orders(on=True)
    shop.wait_until(shipped=notes)
    seconds = time.monotonic() - begun
    shop.wait_until(quiet=True)
    told = counted(shop.plant, shop.code, shop.shiphero)
    each = told.requests / notes
    rate = notes / seconds * MINUTE
    return [
        Figure(name="Brightpearl requests a note, backlog", measured=each, must="<= 0.30",
               holds=each <= 0.30, remark=_operations(told)),
        Figure(name="ShipHero mutations a note", measured=told.mutations / notes, must="1.00",
               holds=told.mutations == notes and told.duplicates == 0),
        Figure(name="calls refused as too many", measured=told.refused, must="0",
               holds=told.refused == 0, remark=_refusals(told)),
        Figure(name="notes a minute, one account", measured=rate, must=">= 500",
               holds=rate >= 500, remark=f"{notes} notes in {seconds:.0f} s"),
    ]  # fmt: skip


def _refusals(told: Counted) -> str:
    return f"{told.over_the_limit} at Brightpearl, {told.error_30} at ShipHero"


def a_single_note(shop: Shop) -> Figure:
    """Let one note go round in an account at rest, our own echoes included."""
    before = _shipped(shop)
    count_afresh(shop.plant, shop.code)
    shop.make_notes(1)
    shop.wait_until(shipped=before + 1)
    time.sleep(5)  # echoes come by webhook
    shop.wait_until(quiet=True)
    told = counted(shop.plant, shop.code, shop.shiphero)
    return Figure(name="Brightpearl requests, single note at rest", measured=told.requests,
                  must="<= 7", holds=told.requests <= 7, remark=_operations(told))  # fmt: skip


def share_used(shop: Shop, *, limit: int, share: float, notes: int) -> Figure:
    """Let a backlog wait for a small budget, and see how much of it is used in full windows."""
    before = _shipped(shop)
    shop.turn(throttle_limit=limit)
    shop.sync_orders(on=False)
    shop.make_notes(notes)
    shop.wait_until(quiet=True)
    count_afresh(shop.plant, shop.code)
    shop.sync_orders(on=True)
    shop.wait_until(shipped=before + notes)
    told = counted(shop.plant, shop.code, shop.shiphero)
    shop.turn(throttle_limit=200)
    full = told.windows[1:-2]  # the first and the last are not all ours to use
    used = sum(full) / (len(full) * limit * share) if full else 0.0
    remark = f"{len(full)} windows: {_short(full)}; {told.refused} refused"
    return Figure(name="share of the allowed budget used", measured=used, must=">= 0.95",
                  holds=used >= 0.95 and told.refused == 0, remark=remark)  # fmt: skip


def found_again(shop: Shop, notes: int) -> Figure:
    """Drop every webhook of a flood, and compare once."""
    before = _shipped(shop)
    shop.make_notes(notes, announced=False)
    _request_reconciliation(shop)
    shop.wait_until(shipped=before + notes)
    _request_reconciliation(shop)
    shop.wait_until(quiet=True)
    told = counted(shop.plant, shop.code, shop.shiphero)
    found = _shipped(shop) - before
    return Figure(name="dropped webhooks found in one cycle", measured=found, must=f"{notes}",
                  holds=found == notes and told.duplicates == 0,
                  remark=f"{told.duplicates} duplicates")  # fmt: skip


def fairness(quiet: Sequence[Shop], loud: Shop, *, each: int, flood: int) -> Figure:
    """Give nine accounts the same load while a tenth has many times as much.

    All nine are let go at once, and what counts is when an account's last order is there.
    """
    made = {}
    for shop in (*quiet, loud):
        shop.sync_orders(on=False)
        made[shop.code] = shop.make_notes(flood if shop is loud else each)
    for shop in (*quiet, loud):
        shop.wait_until(quiet=True)
    loud.sync_orders(on=True)
    begun = time.time()
    with ThreadPoolExecutor(len(quiet)) as pool:
        list(pool.map(lambda shop: shop.sync_orders(on=True), quiet))
    for shop in quiet:
        shop.wait_until(quiet=True)
    spans = [_last_order_at(shop, made[shop.code]) - begun for shop in quiet]
    rates = [each / span for span in spans]
    index = sum(rates) ** 2 / (len(rates) * sum(rate**2 for rate in rates))
    told = " ".join(f"{span:.0f}" for span in spans)
    return Figure(name="Jain's index, nine beside a flood", measured=index, must=">= 0.99",
                  holds=index >= 0.99, remark=f"{told} s for {each} notes")  # fmt: skip


def beside_a_flood(quiet: Shop, loud: Shop, *, notes: int, flood: int) -> Figure:
    """Compare how long a quiet account's notes take alone and beside another's flood."""
    alone = p95_to_order(quiet, notes, pause=1.5)
    loud.sync_orders(on=False)
    loud.make_notes(flood)
    loud.wait_until(quiet=True)
    loud.sync_orders(on=True)
    beside = p95_to_order(quiet, notes, pause=1.5)
    loud.wait_until(quiet=True)
    return Figure(name="quiet account's p95 beside a flood, times alone", measured=beside / alone,
                  must="<= 2", holds=beside <= 2 * alone,
                  remark=f"{alone:.2f} s alone, {beside:.2f} s beside")  # fmt: skip


def p95_to_order(shop: Shop, notes: int, *, pause: float) -> float:
    """Make one note after the other; seconds from note to ShipHero order, p95."""
    made = []
    for _ in range(notes):
        made += shop.make_notes(1)
        time.sleep(pause)
    shop.wait_until(quiet=True)
    told = shop.plant.read(f"ledger?account={shop.code}")["note_timings"]
    spans = [
        one["shiphero_order_at"] - one["created_at"] for one in told if one["noteId"] in set(made)
    ]
    return float(statistics.quantiles(spans, n=20, method="inclusive")[-1])


def _last_order_at(shop: Shop, notes: Sequence[int]) -> float:
    told = shop.plant.read(f"ledger?account={shop.code}")["note_timings"]
    wanted = set(notes)
    return float(max(one["shiphero_order_at"] for one in told if one["noteId"] in wanted))


def _shipped(shop: Shop) -> int:
    told = shop.plant.read(f"ledger?account={shop.code}")
    return int(told["notes_shipped"])


def _request_reconciliation(shop: Shop) -> None:
    engine = open_engine(shop.plant.environment["DATABASE_URL"])
    with session_maker(engine)() as session:
        now = utc_now()
        key = f"{shop.code}:bench:{now.timestamp()}"
        record(session, NewEvent(account_id=shop.account_id, name=RECONCILIATION_REQUESTED,
                                 subject=shop.code, dedupe_key=key), now=now)  # fmt: skip
        session.commit()
    engine.dispose()


def _operations(told: Counted) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(told.by_operation.items()))


def _short(counts: Sequence[int]) -> str:
    return " ".join(map(str, counts[:12])) + (" …" if len(counts) > 12 else "")

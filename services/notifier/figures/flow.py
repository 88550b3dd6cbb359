"""What goes through: notes under way, and of each account shown what its last hour brought."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final
from uuid import UUID

from prometheus_client.core import Metric
from sqlalchemy import ColumnElement, extract, func, select, text
from sqlmodel import Session

from services.notifier.figures.families import Moment, Reading, counter, gauge
from shared.db.journal_tables import EDGE_COUNT, EVENT, TOLD_BY_WEBHOOK
from shared.db.note_tables import ORDER_OPEN_SQL, SHIPMENT_OPEN_SQL, SYNC_LOG
from shared.events import SHIPMENT_ANNOUNCED
from shared.journal.settle import DELIVERED
from shared.notes.state import DONE, NOT_BEGUN, ORDER, SHIPMENT, STAGES

_E, _N, _W = EVENT.c, SYNC_LOG.c, EDGE_COUNT.c
HOUR: Final = timedelta(hours=1)
# A partial index is taken where a query holds its very words.
_OPEN: Final = (
    (ORDER, _N.order_stage, text(ORDER_OPEN_SQL)),
    (SHIPMENT, _N.shipment_stage, text(SHIPMENT_OPEN_SQL)),
)
_STEPS: Final = {"received": _N.inserted_at, "sent": _N.synced_at, "shipped": _N.shipped_at}

Means = Mapping[tuple[str, ...], float]


def flow_metrics(session: Session, at: Moment) -> Sequence[Metric]:
    """Read and lay out what goes through."""
    return [
        *_open_notes(session, at),
        *_last_hour(session, at),
        _needing_person(session, at),
        _webhooks(session, at),
    ]


def _open_notes(session: Session, at: Moment) -> Iterable[Metric]:
    found = {
        (id_, side, stage): number
        for side, stage_of, is_open in _OPEN
        for id_, stage, number in session.execute(
            select(_N.account_id, stage_of, func.count())
            .where(is_open)
            .group_by(_N.account_id, stage_of)
        )
    }
    stages = [(side, stage) for side in STAGES for stage in STAGES[side] if _is_open(side, stage)]
    totals = dict.fromkeys(stages, 0)
    for (_, side, stage), number in found.items():
        totals[side, stage] += number
    what = "Notes under way by side and stage"
    yield gauge("goodsout_open_notes", f"{what}.", ["side", "stage"], totals)
    of_each = {
        (code, side, stage): found.get((id_, side, stage), 0)
        for (id_, code), (side, stage) in product(at.shown.items(), stages)
    }
    labels = ["account", "side", "stage"]
    yield gauge("goodsout_account_open_notes", f"{what}, of one account.", labels, of_each)


def _is_open(side: str, stage: str) -> bool:
    sql = ORDER_OPEN_SQL if side == ORDER else SHIPMENT_OPEN_SQL
    return stage not in {DONE, NOT_BEGUN} and f"'{stage}'" in sql


def _last_hour(session: Session, at: Moment) -> Iterable[Metric]:
    since = at.now - HOUR
    steps = {
        (code, step): counted.get(id_, 0)
        for step, when in _STEPS.items()
        for counted in [_count(session, at, when, since)]
        for id_, code in at.shown.items()
    }
    what = "Notes of an account that came in, were sent and were shipped within the last hour."
    yield gauge("goodsout_account_notes_last_hour", what, ["account", "step"], steps)
    yield gauge(
        "goodsout_account_note_to_order_seconds",
        "How long notes that were sent within the last hour took on average, what was held too.",
        ["account"],
        _means(session, at, SYNC_LOG, (_N.inserted_at, _N.synced_at), _N.synced_at >= since),
    )
    back = (
        _E.recorded_at >= since,
        _E.name == SHIPMENT_ANNOUNCED,
        text(TOLD_BY_WEBHOOK),
        _E.outcome == DELIVERED,
    )
    yield gauge(
        "goodsout_account_shipment_to_note_seconds",
        "How long shipments told within the last hour took to Brightpearl on average.",
        ["account"],
        _means(session, at, EVENT, (_E.recorded_at, _E.settled_at), *back),
    )


def _count(
    session: Session, at: Moment, when: ColumnElement[datetime], since: datetime
) -> Mapping[UUID, int]:
    rows = session.execute(
        select(_N.account_id, func.count())
        .where(_N.account_id.in_(at.shown), when >= since)
        .group_by(_N.account_id)
    )
    return {id_: number for id_, number in rows}  # noqa: C416 - rows are no pairs to mypy


def _means(session: Session, at: Moment, table: Any, span: tuple[Any, Any], *which: Any) -> Means:
    begin, end = span
    mean = func.avg(extract("epoch", end) - extract("epoch", begin))
    rows = session.execute(
        select(table.c.account_id, mean)
        .where(table.c.account_id.in_(at.shown), *which)
        .group_by(table.c.account_id)
    )
    return {(at.shown[id_],): max(0.0, float(seconds)) for id_, seconds in rows}


def _needing_person(session: Session, at: Moment) -> Metric:
    rows = session.execute(
        select(_N.account_id, func.count())
        .where(_N.account_id.in_(at.shown), _N.state == "needs_you")
        .group_by(_N.account_id)
    )
    found = {at.shown[id_]: number for id_, number in rows}
    values = {(code,): found.get(code, 0) for code in at.shown.values()}
    return gauge("goodsout_account_needs_you", "Notes that wait for a person.", ["account"], values)


def _webhooks(session: Session, at: Moment) -> Metric:
    rows = session.execute(
        select(_W.account_id, _W.source, _W.kept, _W.repeated).where(
            _W.day == at.now.date(), _W.account_id.in_(at.shown)
        )
    )
    values = {
        (at.shown[id_], source, kind): number
        for id_, source, kept, repeated in rows
        for kind, number in (("kept", kept), ("repeated", repeated))
    }
    what = "Webhooks of an account today (UTC): kept, or repeated ones that we had already."
    return counter("goodsout_account_webhooks", what, ["account", "source", "kind"], values)


FLOW: Final = Reading(name="flow", every=60.0, read=flow_metrics)

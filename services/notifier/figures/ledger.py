"""The ledger of today and yesterday: webhooks that were kept and whose rows are gone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from prometheus_client.core import Metric
from sqlalchemy import func, select, text
from sqlmodel import Session

from services.notifier.figures.families import Moment, Reading, gauge
from shared.db.history_tables import ARCHIVED_COUNT
from shared.db.journal_tables import EDGE_COUNT, EVENT, TOLD_BY_WEBHOOK
from shared.journal.archived import FROM_WEBHOOKS

_E, _C, _A = EVENT.c, EDGE_COUNT.c, ARCHIVED_COUNT.c
DAYS: Final = 2

Whose = tuple[UUID, date]


def ledger_metrics(session: Session, at: Moment) -> Sequence[Metric]:
    """Compare what the edge counted with the journal's rows, of all accounts."""
    first = at.now.date() - timedelta(days=DAYS - 1)
    # Counts first: a webhook that is kept meanwhile is a row too many, never one too few. So is
    # one that is archived meanwhile, because the archive is read last.
    kept = _kept(session, first)
    rows = Counter(_rows(session, {id_ for id_, _ in kept}, first))
    rows.update(_archived(session, first))
    lacking: Counter[UUID] = Counter()
    for (id_, day), number in kept.items():
        lacking[id_] += max(0, number - rows[id_, day])
    what = "Webhooks of today and yesterday that were kept and whose rows are gone; must be 0"
    of_each = {(code,): lacking[id_] for id_, code in at.shown.items()}
    return [
        gauge("goodsout_ledger_unexplained", f"{what}.", [], {(): lacking.total()}),
        gauge("goodsout_account_ledger_unexplained", f"{what}, by account.", ["account"], of_each),
    ]


def _kept(session: Session, first: date) -> Mapping[Whose, int]:
    by = (_C.account_id, _C.day)
    counted = select(*by, func.sum(_C.kept)).where(_C.day >= first).group_by(*by)
    return {(id_, day): int(number) for id_, day, number in session.execute(counted)}


def _rows(session: Session, accounts: set[UUID], first: date) -> Mapping[Whose, int]:
    day = func.date(_E.recorded_at)
    midnight = datetime.combine(first, time(), tzinfo=UTC)
    counted = (
        select(_E.account_id, day, func.count())
        # Named, so that the index of webhooks is searched and not read from end to end.
        .where(_E.account_id.in_(accounts), _E.name.in_(FROM_WEBHOOKS))
        .where(_E.recorded_at >= midnight, text(TOLD_BY_WEBHOOK))
        .group_by(_E.account_id, day)
    )
    # SQLite gives a day as text.
    return {
        (id_, date.fromisoformat(str(told))): number
        for id_, told, number in session.execute(counted)
    }


def _archived(session: Session, first: date) -> Mapping[Whose, int]:
    by = (_A.account_id, _A.day)
    counted = (
        select(*by, func.sum(_A.count))
        .where(_A.day >= first, _A.name.in_(FROM_WEBHOOKS), _A.replayed.is_(False))
        .group_by(*by)
    )
    return {(id_, day): int(number) for id_, day, number in session.execute(counted)}


LEDGER: Final = Reading(name="ledger", every=300.0, read=ledger_metrics)

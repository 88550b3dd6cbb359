"""The journal's counts as metrics: of all accounts together, and of each that is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID

from prometheus_client.core import Metric
from sqlmodel import Session

from services.notifier.figures.families import Moment, Reading, gauge, seconds_since
from services.notifier.figures.journal import QUEUES, STATES, Journal, Pair, read_journal
from shared import accounts

_STATES: Final = (
    "by queue and state: due, planned for later, retrying after a failure, out with the broker or "
    "a worker, held, dead and waiting for a person."
)
# Told also while there is none: a rise from nothing shows to nobody. Of dead letters those that
# only the operator can do something about.
CAUSES: Final = (
    accounts.CONNECTION_BROKEN,
    accounts.EVENT_OWNER_UNSET,
    accounts.GO_LIVE_UNSET,
    accounts.ORDER_SYNC_OFF,
    accounts.SHADOW_MODE,
    accounts.SHIPMENT_SYNC_OFF,
    accounts.SHIPPING_METHOD_UNMAPPED,
    accounts.STOPPED_BY_PERSON,
    accounts.WAREHOUSE_UNDECIDED,
)
WATCHED: Final = (
    "bug", "crashes_worker", "mail_trouble", "mail_unreadable", "no_mail_server", "unexpected",
)  # fmt: skip


def journal_metrics(session: Session, at: Moment) -> Sequence[Metric]:
    """Read the journal and lay it out."""
    journal = read_journal(session, now=at.now)
    return [*_of_all(journal, at.now), *_of_each(journal, at)]


def _of_all(journal: Journal, now: datetime) -> Iterable[Metric]:
    yield gauge(
        "goodsout_journal_events", f"Events {_STATES}", ["queue", "state"], _by_state(journal)
    )
    yield gauge(
        "goodsout_journal_oldest_due_seconds",
        "For how long the oldest event has been due that is not published.",
        ["queue"],
        _ages(journal.oldest_due, now),
    )
    yield gauge(
        "goodsout_journal_oldest_out_seconds",
        "How long ago the oldest event was published that is not settled.",
        ["queue"],
        _ages(journal.oldest_out, now),
    )
    what = "Retries that have been due for more than five minutes."
    yield gauge("goodsout_journal_late_retries", what, ["queue"], _late(journal))
    yield gauge("goodsout_held", "What waits, by cause.", ["cause"], _summed(journal.held, CAUSES))
    yield gauge(
        "goodsout_dead_letters",
        "Dead letters that wait for a person, by reason code.",
        ["reason"],
        _summed(journal.dead, WATCHED),
    )
    yield gauge(
        "goodsout_mail_oldest_seconds",
        "For how long the oldest mail waits; 0 where none does.",
        [],
        {(): seconds_since(journal.oldest_mail, now)},
    )


def _of_each(journal: Journal, at: Moment) -> Iterable[Metric]:
    yield gauge(
        "goodsout_account_events",
        f"Events of one account {_STATES}",
        ["account", "queue", "state"],
        {
            (code, queue, state): journal.counts[id_, queue, state]
            for (id_, code), queue, state in product(at.shown.items(), QUEUES, STATES)
        },
    )
    yield gauge(
        "goodsout_account_oldest_due_seconds",
        "For how long an account's oldest event has been due that is not published.",
        ["account", "queue"],
        {
            (code, queue): seconds_since(journal.oldest_due.get((id_, queue)), at.now)
            for (id_, code), queue in product(at.shown.items(), QUEUES)
        },
    )
    for name, what, counted in (
        ("held", "What of an account waits, by cause.", journal.held),
        ("dead_letters", "An account's dead letters, by reason code.", journal.dead),
    ):
        label = "cause" if name == "held" else "reason"
        values = {
            (at.shown[id_], kind): number
            for (id_, kind), number in counted.items()
            if id_ in at.shown
        }
        yield gauge(f"goodsout_account_{name}", what, ["account", label], values)


def _by_state(journal: Journal) -> Mapping[tuple[str, ...], float]:
    totals: Counter[tuple[str, ...]] = Counter(dict.fromkeys(product(QUEUES, STATES), 0))
    for (_, queue, state), number in journal.counts.items():
        totals[queue, state] += number
    return totals


def _late(journal: Journal) -> Mapping[tuple[str], float]:
    late = Counter(dict.fromkeys(((queue,) for queue in QUEUES), 0))
    for (_, queue), number in journal.late.items():
        late[queue,] += number
    return late


def _ages(oldest: Mapping[Pair, datetime], now: datetime) -> Mapping[tuple[str], float]:
    ages = dict.fromkeys(((queue,) for queue in QUEUES), 0.0)
    for (_, queue), then in oldest.items():
        ages[queue,] = max(ages.get((queue,), 0.0), seconds_since(then, now))
    return ages


def _summed(
    counted: Counter[tuple[UUID, str]], always: Iterable[str]
) -> Mapping[tuple[str, ...], float]:
    totals: Counter[tuple[str, ...]] = Counter({(kind,): 0 for kind in always})
    for (_, kind), number in counted.items():
        totals[kind,] += number
    return totals


JOURNAL: Final = Reading(name="journal", every=10.0, read=journal_metrics)

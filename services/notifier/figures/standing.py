"""How accounts stand: connections, comparisons with the vendors' lists, alerts, differences."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID

from prometheus_client.core import Metric
from sqlalchemy import func, select
from sqlmodel import Session, col

from services.notifier.figures.families import Moment, Reading, gauge, seconds_since
from shared import alerts
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import Account, VendorConnection
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import Alert, Watermark
from shared.differences import KINDS
from shared.watermarks import NOTES, ORDERS

VENDORS: Final = (BRIGHTPEARL, SHIPHERO)
WORKING, BROKEN = "working", "broken"
# The lists that are compared every few minutes, and with whose credentials.
LISTS: Final[Mapping[str, str]] = {NOTES: BRIGHTPEARL, ORDERS: SHIPHERO}
LIST_WORDS: Final[Mapping[str, str]] = {NOTES: "notes", ORDERS: "orders"}
ALERT_KINDS: Final = (
    alerts.CONNECTION_BROKEN,
    alerts.NOTES_MISSING,
    alerts.SILENCE,
    alerts.UNEXPLAINED,
    alerts.ORDER_CANCELED,
    alerts.WEBHOOK_UNHEALTHY,
    alerts.DESTINATION_OFF,
    alerts.WAREHOUSE_NEW,
)


def standing_metrics(session: Session, at: Moment) -> Sequence[Metric]:
    """Read and lay out how accounts stand."""
    broken = _broken(session)
    ages = _comparison_ages(session, broken, at.now)
    opened = _alerts(session)
    return [
        *_accounts(session, at),
        *_connections(broken, at),
        *_comparisons(ages, at),
        *_open_alerts(opened, at),
        _differences(session),
    ]


def _accounts(session: Session, at: Moment) -> Iterable[Metric]:
    total = session.execute(select(func.count()).select_from(Account)).scalar_one()
    shown = {("yes",): len(at.shown), ("no",): total - len(at.shown)}
    what = "Accounts, and whether they have metrics of their own: those that are live, to a bound."
    yield gauge("goodsout_accounts", what, ["shown"], shown)


def _broken(session: Session) -> Mapping[tuple[UUID, str], bool]:
    """Say of every connection whether it is broken."""
    connected = (
        VendorConnection.account_id,
        VendorConnection.vendor,
        VendorConnection.broken_since,
    )
    rows = session.execute(select(*connected).where(VendorConnection.credentials != ""))  # type: ignore[call-overload]
    return {(id_, vendor): since is not None for id_, vendor, since in rows}


def _connections(broken: Mapping[tuple[UUID, str], bool], at: Moment) -> Iterable[Metric]:
    states = Counter(dict.fromkeys(product(VENDORS, (WORKING, BROKEN)), 0))
    for (_, vendor), is_broken in broken.items():
        states[vendor, BROKEN if is_broken else WORKING] += 1
    what = "Connections of all accounts by vendor: working, or broken because it refuses us."
    yield gauge("goodsout_connections", what, ["vendor", "state"], states)
    yield gauge(
        "goodsout_account_connected",
        "Whether an account's connection works: 1 or 0.",
        ["account", "vendor"],
        {
            (at.shown[id_], vendor): float(not is_broken)
            for (id_, vendor), is_broken in broken.items()
            if id_ in at.shown
        },
    )


def _comparison_ages(
    session: Session, broken: Mapping[tuple[UUID, str], bool], now: datetime
) -> Mapping[tuple[UUID, str], float]:
    """Say how long ago each list was compared of accounts for which it should be."""
    live = session.execute(
        select(col(Account.id), col(Account.go_live_at)).where(col(Account.go_live_at) <= now)
    ).all()
    marks = select(col(Watermark.account_id), col(Watermark.name), col(Watermark.compared_at))
    found = session.execute(marks.where(col(Watermark.name).in_(LISTS)))
    compared = {(id_, name): at for id_, name, at in found}
    return {
        (id_, name): seconds_since(compared.get((id_, name), go_live_at), now)
        for (id_, go_live_at), (name, vendor) in product(live, LISTS.items())
        if broken.get((id_, vendor)) is False
    }


def _comparisons(ages: Mapping[tuple[UUID, str], float], at: Moment) -> Iterable[Metric]:
    oldest: dict[tuple[str, ...], float] = {(word,): 0.0 for word in LIST_WORDS.values()}
    for (_, name), age in ages.items():
        oldest[LIST_WORDS[name],] = max(oldest[LIST_WORDS[name],], age)
    what = "Since the vendor's own list of an account was compared: the longest of all accounts."
    yield gauge("goodsout_comparison_age_seconds", what, ["list"], oldest)
    yield gauge(
        "goodsout_account_comparison_age_seconds",
        "Since the vendor's own list was compared.",
        ["account", "list"],
        {
            (at.shown[id_], LIST_WORDS[name]): age
            for (id_, name), age in ages.items()
            if id_ in at.shown
        },
    )


def _alerts(session: Session) -> Mapping[tuple[UUID, str], int]:
    by = (col(Alert.account_id), col(Alert.kind))
    opened = select(*by, func.count()).where(col(Alert.ended_at).is_(None)).group_by(*by)
    return {(id_, kind): number for id_, kind, number in session.execute(opened)}


def _open_alerts(opened: Mapping[tuple[UUID, str], int], at: Moment) -> Iterable[Metric]:
    by_kind: Counter[tuple[str, ...]] = Counter({(kind,): 0 for kind in ALERT_KINDS})
    by_account: Counter[tuple[str, ...]] = Counter({(code,): 0 for code in at.shown.values()})
    for (id_, kind), number in opened.items():
        by_kind[kind,] += number
        if id_ in at.shown:
            by_account[at.shown[id_],] += number
    yield gauge("goodsout_open_alerts", "Alerts that merchants see, by kind.", ["kind"], by_kind)
    what = "Alerts that an account's merchant sees."
    yield gauge("goodsout_account_open_alerts", what, ["account"], by_account)


def _differences(session: Session) -> Metric:
    counted = select(col(Difference.kind), func.count()).where(col(Difference.ended_at).is_(None))
    found = session.execute(counted.group_by(col(Difference.kind)))
    by_kind = {(kind,): 0 for kind in KINDS} | {(kind,): number for kind, number in found}
    what = "Differences from a vendor's own list that do not mend themselves, by kind."
    return gauge("goodsout_open_differences", what, ["kind"], by_kind)


STANDING: Final = Reading(name="standing", every=30.0, read=standing_metrics)

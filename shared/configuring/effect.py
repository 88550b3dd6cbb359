"""What a change of settings sets free: counted beforehand, or done with the saving."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from shared.accounts import (
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    RELEASE_KEEP_BACK,
    SHADOW_MODE,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
    stands_in_the_way,
)
from shared.configuring.looks import count, earlier_go_live, looks_after, record_looks
from shared.events import RECONCILIATION_REQUESTED, NewEvent
from shared.journal.planned import bring_forward, count_planned
from shared.journal.record import record
from shared.journal.release import held_by_cause, release
from shared.notes.state import KEPT_BACK

# What a note waits for on its way to ShipHero: in shadow mode it is looked at nevertheless.
ON_THE_WAY_THERE: Final = frozenset(
    {ORDER_SYNC_OFF, GO_LIVE_UNSET, WAREHOUSE_UNDECIDED, SHIPPING_METHOD_UNMAPPED, SHADOW_MODE}
)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What goes on once a change is saved.

    `released` counts what waits in the journal by cause, a note once, `looked_at_again` notes by
    the reason code they stand with; causes and codes that free nothing are left out.
    `compared_from` is set where Brightpearl's list is gone through from a new go-live on.
    """

    released: Mapping[str, int] = field(default_factory=dict)
    looked_at_again: Mapping[str, int] = field(default_factory=dict)
    compared_from: datetime | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing goes on that waited."""
        return not (self.released or self.looked_at_again or self.compared_from)


def foresee(
    session: Session, before: AccountSettings, after: AccountSettings, *, now: datetime
) -> Effect:
    """Count what the change would set free; nothing is written."""
    held = held_by_cause(session, before.id)
    released = {cause: held[cause] for cause in _removed(held, before, after)}
    if _sends_kept_back(before, after):
        released[KEPT_BACK] = count_planned(session, before.id, KEPT_BACK, now=now)
    looks = {look.why: count(session, look, after) for look in looks_after(before, after)}
    looks[SHADOW_MODE] = sum(held[cause] for cause in _shown_anew(held, before, after))
    return Effect(
        released=_counted(released),
        looked_at_again=_counted(looks),
        compared_from=earlier_go_live(before, after),
    )


def take(
    session: Session, before: AccountSettings, after: AccountSettings, *, now: datetime
) -> Effect:
    """Set free what the change frees, in its transaction; what it does not concern stays."""
    held = held_by_cause(session, before.id)
    released = {cause: held[cause] for cause in _removed(held, before, after)}
    for cause in released:
        release(session, before.id, cause, now=now)
    if _sends_kept_back(before, after):
        released[KEPT_BACK] = count_planned(session, before.id, KEPT_BACK, now=now)
        bring_forward(session, before.id, KEPT_BACK, now=now)
    looks = {
        look.why: record_looks(session, look, after, now=now) for look in looks_after(before, after)
    }
    shown = list(_shown_anew(held, before, after))
    looks[SHADOW_MODE] = sum(held[cause] for cause in shown)
    for cause in shown:
        release(session, before.id, cause, now=now)
    compared_from = earlier_go_live(before, after)
    if compared_from is not None:
        record(session, _comparison(after, compared_from), now=now)
    return Effect(
        released=_counted(released), looked_at_again=_counted(looks), compared_from=compared_from
    )


def _removed(
    held: Mapping[str, int], before: AccountSettings, after: AccountSettings
) -> Iterator[str]:
    """Give the causes that stood in the way before, and do no more.

    One that was gone before is a release that was forgotten: the sweeper finds and counts it.
    """
    for cause in sorted(held):
        if stands_in_the_way(before, cause) and not stands_in_the_way(after, cause):
            yield cause


def _shown_anew(
    held: Mapping[str, int], before: AccountSettings, after: AccountSettings
) -> Iterator[str]:
    """Give the causes whose notes shadow mode shows by the new settings; they wait again then."""
    if not after.shadow_on:
        return
    removed = set(_removed(held, before, after))
    for cause in sorted(held.keys() - removed):
        if cause.partition(":")[0] in ON_THE_WAY_THERE:
            yield cause


def _sends_kept_back(before: AccountSettings, after: AccountSettings) -> bool:
    by_date = RELEASE_KEEP_BACK == before.release_policy != after.release_policy
    return by_date or after.hold_minutes < before.hold_minutes


def _comparison(after: AccountSettings, start: datetime) -> NewEvent:
    return NewEvent(
        account_id=after.id,
        name=RECONCILIATION_REQUESTED,
        subject=after.code,
        payload={"because": "go-live was set", "from": start.isoformat()},
        dedupe_key=f"{after.code}:settings-{after.version}:{RECONCILIATION_REQUESTED}",
    )


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {one: number for one, number in counts.items() if number}

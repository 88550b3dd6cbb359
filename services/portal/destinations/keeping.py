"""Making and changing the destinations of one account, each with its entry in the audit trail.

The caller commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from services.portal.destinations.wish import WAYS, Wish, shown_address
from shared.alerts import destination_off, end_alert
from shared.audit import record_act
from shared.connecting.refusal import Refused
from shared.db.destination_tables import Destination
from shared.destinations import BY_PERSON, WEBHOOK, request_test
from shared.egress.address import Rules, target_of
from shared.journal.record import new_id
from shared.mails import Notice
from shared.notifications import KINDS
from shared.secrets import SecretBox
from shared.standard_webhooks import new_secret

# So long the old secret signs beside the new one.
BOTH_SIGN: Final = timedelta(days=1)
# Seconds in which a second test is not sent.
TEST_EVERY: Final = 5


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who changes what, and when."""

    account_id: UUID
    who: str
    now: datetime
    box: SecretBox
    rules: Rules

    def add(self, session: Session, wish: Wish) -> tuple[Destination, str]:
        """Keep a new destination; gives it and, for a webhook, its secret for this one time."""
        if wish.faults:
            raise Refused(" ".join(wish.faults.values()))
        secret = new_secret() if wish.way == WEBHOOK else ""
        target = target_of(wish.address, self.rules)
        row = Destination(
            id=new_id(),
            account_id=self.account_id,
            name=wish.name,
            way=wish.way,
            address=self.box.seal(target.url),
            shown_address=shown_address(target),
            secret=self.box.seal(secret) if secret else "",
            kinds=list(wish.kinds),
            made_by=self.who,
            made_at=self.now,
        )
        session.add(row)
        what = f"{WAYS[row.way][0]} to {row.shown_address}: {_labels(row.kinds)}"
        self._trail(session, "destination_added", row, after=what)
        return row, secret

    def change(self, session: Session, row: Destination, wish: Wish) -> bool:
        """Keep another name, address or choice of kinds; False where nothing is otherwise."""
        if wish.faults:
            raise Refused(" ".join(wish.faults.values()))
        before = (row.name, row.shown_address, _labels(row.kinds))
        row.name, row.kinds = wish.name, list(wish.kinds)
        is_moved = False
        if wish.address:
            target = target_of(wish.address, self.rules)
            is_moved = target.url != self._present_address(row)
            row.address, row.shown_address = self.box.seal(target.url), shown_address(target)
        after = (row.name, row.shown_address, _labels(row.kinds))
        if before == after and not is_moved:
            return False
        told = " (another address)" if is_moved and before[1] == after[1] else ""
        if is_moved:
            row.failing_since = None
        session.add(row)
        self._trail(session, "destination_changed", row, before=" · ".join(before),
                    after=" · ".join(after) + told)  # fmt: skip
        return True

    def new_secret(self, session: Session, row: Destination) -> str:
        """Give a webhook another secret, shown this one time; the old one signs for a day more."""
        secret = new_secret()
        row.old_secret, row.old_secret_until = row.secret, self.now + BOTH_SIGN
        row.secret = self.box.seal(secret)
        session.add(row)
        self._trail(session, "destination_secret_changed", row)
        return secret

    def switch(self, session: Session, row: Destination, *, is_on: bool) -> bool:
        """Switch it on or off; False where it is so already."""
        if is_on == (row.off_since is None):
            return False
        row.off_since, row.off_because = (None, "") if is_on else (self.now, BY_PERSON)
        row.failing_since = None
        session.add(row)
        end_alert(session, destination_off(self.account_id, row.id), now=self.now)
        words = ("off", "on") if is_on else ("on", "off")
        self._trail(session, "destination_switched", row, before=words[0], after=words[1])
        return True

    def test(self, session: Session, row: Destination, notice: Notice) -> bool:
        """Have a test told to it; False where that was asked for a moment ago."""
        moment = str(int(self.now.timestamp()) // TEST_EVERY)
        if not request_test(session, row, notice=notice, once_for=moment, now=self.now):
            return False
        self._trail(session, "destination_tested", row)
        return True

    def remove(self, session: Session, row: Destination) -> None:
        """Forget it; what waits for it is skipped."""
        end_alert(session, destination_off(self.account_id, row.id), now=self.now)
        self._trail(session, "destination_removed", row, before=row.shown_address)
        session.delete(row)

    def _present_address(self, row: Destination) -> str:
        try:
            return self.box.open(row.address)
        except ValueError:
            return ""  # its key is gone, so that it is entered anew

    def _trail(
        self, session: Session, act: str, row: Destination, *, before: str = "", after: str = ""
    ) -> None:
        record_act(
            session,
            self.account_id,
            who=self.who,
            act=act,
            now=self.now,
            subject=row.name,
            before=before,
            after=after,
        )


def destination_of(
    session: Session, account_id: UUID, destination_id: UUID, *, to_change: bool = False
) -> Destination | None:
    """Give one of the account's destinations, locked where it is to be changed."""
    query = select(Destination).where(
        Destination.account_id == account_id, Destination.id == destination_id
    )
    return session.exec(query.with_for_update() if to_change else query).one_or_none()


def _labels(kinds: Iterable[str]) -> str:
    return ", ".join(KINDS[kind].label for kind in kinds if kind in KINDS)

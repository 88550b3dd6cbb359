"""A day played fast: every fate of a note, a mail outage, a revoked connection, and its report.

`make day` plays it with 2,000 notes; DAY_NOTES says how many.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from deploy.embedded.demo import EMAIL, connect_demo
from deploy.embedded.smoke import SmokeRun, reading, start
from deploy.embedded.unfinished import unfinished
from shared.clock import utc_now
from shared.days import day_of, zone_of
from shared.db.account_tables import Account
from shared.db.engine import our_trouble
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.errors import OurTrouble
from shared.events import MAIL_REQUESTED, REPORT_REQUESTED
from shared.journal.record import record
from shared.mails import KIND
from shared.notes.state import ORDER_WORDS
from shared.notifications import CONNECTION_BROKEN, DAILY_REPORT, people_wanting
from shared.reports import report_so_far
from tests.end_to_end.conftest import PAIRS, servers
from tests.end_to_end.letterbox import Letterbox
from tests.end_to_end.room import Room
from tests.waiting import until

NOTES = int(os.environ.get("DAY_NOTES", "40"))
AT_ONCE = 50
# Of the notes, so many parts of a hundred are of each sort of trouble.
SHARE = 3
FAILING: tuple[Mapping[str, Any], ...] = (
    {"countryIsoCode": ""},
    {"line1": "", "line2": ""},
    {"withoutSku": True},
    {"fraction": "1.5"},
)
LEFT_OUT: Mapping[str, Any] = {"warehouseId": 4}
SECONDS = 120 + NOTES // 2
# Nothing is killed here: leases that outlast a flood on a slow machine, yet pass within the day.
PATIENT: Mapping[str, str] = {
    "VENDOR_DEADLINE": "10",
    "NOTE_LEASE": "20",
    "CLAIM_LEASE": "60",
    "PUBLISH_LEASE": "60",
}


class Day(Room):
    """A system at whose mail server a test listens."""

    def __init__(self, run: SmokeRun, letterbox: Letterbox) -> None:
        """Listen at `letterbox`."""
        super().__init__(run)
        self.letterbox = letterbox

    def be_at_noon(self) -> None:
        """Have the account live where it is about noon, so that no midnight comes between."""
        hours = 12 - utc_now().hour  # Etc/GMT-3 is three hours ahead of Greenwich
        self.choose(time_zone=f"Etc/GMT{-hours:+d}" if hours else "UTC")

    def reconnected(self) -> bool:
        """Connect again as a person does, who tries once more where our database is too busy."""
        try:
            with our_trouble():
                connect_demo(self.run.environment)
        except OurTrouble:
            return False
        return True

    def many(self, count: int, **wish: Any) -> None:
        """Have so many notes made."""
        for begin in range(0, count, AT_ONCE):
            wanted = {"count": min(AT_ONCE, count - begin), "notes": 1, "lines": 1,
                      "warehouseId": 2, "shippingMethodId": 5}  # fmt: skip
            self.run.control("sales-orders", {**wanted, **wish})

    def rows(self) -> list[SyncLogRow]:
        """Read the whole log."""
        with reading(self.run.environment) as session:
            return list(session.exec(select(SyncLogRow)).all())

    def settled(self, count: int) -> bool:
        """Tell whether all notes are known, and none is on its way any more."""
        rows = self.rows()
        words = Counter(ORDER_WORDS[row.order_stage] for row in rows)
        sent = [row for row in rows if ORDER_WORDS[row.order_stage] == "Synced"]
        shipped = all(row.shipment_stage == "done" for row in sent)
        return len(rows) == count and not words["Pending"] and shipped

    def wait_until_settled(self, count: int) -> None:
        """Wait for it; when time is up, print what the first of the notes wait for."""
        try:
            until(lambda: self.settled(count), within=SECONDS, what=f"{count} notes settled")
        except AssertionError:
            print(Counter((row.order_stage, row.shipment_stage) for row in self.rows()))  # noqa: T201 - pytest shows it
            with reading(self.run.environment) as session:
                print(*list(unfinished(session))[-60:], sep="\n")  # noqa: T201 - as above
            raise

    def ask_for_report(self) -> None:
        """Press the button that sends today so far, as the demo's owner."""
        now = utc_now()

        def ask(session: Session, account: Account) -> None:
            [owner] = people_wanting(session, account.id, DAILY_REPORT)
            day = day_of(now, zone_of(account.time_zone))
            record(
                session,
                report_so_far(account.id, "demo", day=day, user_id=owner.user_id, now=now),
                now=now,
            )

        self.write(ask)

    def mails(self) -> list[EventRow]:
        """Read every mail that was asked for."""
        with reading(self.run.environment) as session:
            return list(session.exec(select(EventRow).where(EventRow.name == MAIL_REQUESTED)))

    def asked(self, kind: str) -> int:
        """Count the mails of a kind that were asked for."""
        return sum(row.payload[KIND] == kind for row in self.mails())

    def each_mail_came_once(self) -> bool:
        """Tell whether every mail that was asked for is sent, and came once."""
        outcomes = Counter(row.outcome for row in self.mails())
        came = len(self.letterbox.kept)
        return outcomes == Counter(delivered=came) and not self.letterbox.twice()


@pytest.fixture(params=PAIRS)
def day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Day]:
    """Give a system whose warehouse ships by itself, connected and with an owner who reads mail."""
    letterbox = Letterbox()
    letterbox.open()
    given = {**servers(request), **PATIENT, "SMTP_URL": letterbox.url}
    run = start(tmp_path, given, ship_after=1)
    with run.supervisor:
        connect_demo(run.environment)
        yield Day(run, letterbox)
    letterbox.close()


@pytest.mark.timeout(SECONDS * 3)
def test_a_day_of_every_trouble_ends_with_the_right_mails_and_a_report_that_equals_the_ledger(
    day: Day,
) -> None:
    day.be_at_noon()
    each = max(1, NOTES * SHARE // 100)
    good = NOTES - each * (len(FAILING) + 1)
    day.many(good // 2)
    for trouble in FAILING:
        day.many(each, **trouble)
    day.many(each, **LEFT_OUT)
    day.letterbox.close()
    day.run.control("accounts/demo/tokens/revoke", {})
    day.many(good - good // 2)
    until(
        lambda: any(row.order_stage == "held" for row in day.rows()),
        within=60,
        what="notes held for the connection",
    )
    until(lambda: day.asked(CONNECTION_BROKEN) == 1, within=60, what="told that it broke")
    until(day.reconnected, within=120, what="connected again")
    until(lambda: day.asked(CONNECTION_BROKEN) == 2, within=60, what="told that it is mended")
    day.letterbox.open()
    day.wait_until_settled(NOTES)

    day.ask_for_report()

    until(lambda: day.events(REPORT_REQUESTED, outcome="delivered"), within=60, what="a report")
    until(day.letterbox.reports, within=60, what="the report")
    told = day.run.control("ledger")
    [mail] = day.letterbox.reports()
    numbers = numbers_of(mail)
    failed = each * len(FAILING)
    assert numbers == {
        "received": told["notes"],
        "sent": told["shiphero_orders"],
        "shipped": told["notes_shipped"],
        "failed": failed,
        "skipped": each,
    }
    assert (told["notes"], told["doubled_keys"]) == (NOTES, [])
    assert mail["Subject"].startswith(
        f"Sync report so far: {good:,} synced · {failed:,} need you · 0 unexplained"
    )
    assert mail["To"] == EMAIL
    # Exactly the mails that were asked for, none lost and none twice; of what happened each once.
    until(day.each_mail_came_once, within=SECONDS, what="each mail once")
    first = Counter(kind_of(one) for one in day.letterbox.kept if "In-Reply-To" not in one)
    failing = {row.order_reason_code for row in day.rows() if row.order_stage == "failed"}
    assert first["Daily report"] == 1
    assert first["Connection broken, and mended"] == 1
    assert first["Orders failing"] == len(failing)
    assert [kind_of(one) for one in day.letterbox.kept].count("Connection broken, and mended") == 2


def kind_of(mail: EmailMessage) -> str:
    """Read of which kind a mail says that it is; "" of one that nobody can switch off."""
    found = re.search(r'the mail "(.+?)" switched on', text_of(mail))
    return found[1] if found else ""


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def numbers_of(mail: EmailMessage) -> dict[str, int]:
    """Read a report's plain text as a person does."""
    text = text_of(mail)

    def number(line: str) -> int:
        found = re.search(rf"^{line} +([\d,]+)", text, re.MULTILINE)
        return int(found[1].replace(",", "")) if found else 0

    return {
        "received": number("Notes received"),
        "sent": number("Orders sent"),
        "shipped": number("Shipments returned"),
        "failed": number("Failed"),
        "skipped": number("Skipped: not for ShipHero"),
    }

"""A merchant with notes and people, whose report is made and posted as the notifier does it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from services.notifier.mails import Postbox, send_mails
from services.notifier.report.facts import Asked, Facts
from services.notifier.report.handler import Desk as Writing
from services.notifier.report.handler import make_reports
from services.notifier.report.reading import read_facts
from services.notifier.smtp import post, server_of
from services.portal.people.accounts import new_user
from shared.db.account_tables import Account
from shared.db.engine import reading_session_maker
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import Report
from shared.db.user_tables import User
from shared.events import MAIL_REQUESTED, REPORT_REQUESTED
from shared.journal.record import record
from shared.reports import daily_report, report_so_far
from shared.secrets import SecretBox, new_key
from tests.integration.delivery.desk import Desk
from tests.integration.journal.books import Books
from tests.integration.mails.server import mail_server

DAY = date(2026, 11, 24)  # a Tuesday
LONDON = ZoneInfo("Europe/London")
SEVEN = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # in London, too
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PORTAL = "https://portal.goodsout.example"
ANN = "ann@acme.example"


class Merchant:
    """Acme, live since spring, on the morning after DAY; `books` are its database."""

    def __init__(self, books: Books) -> None:
        """Go live, with Ann as the owner."""
        self.books = books
        self.account = books.account
        self.key = new_key()
        books.clock.time = SEVEN
        books.change_settings(
            time_zone=LONDON.key, name="Acme Teas", go_live_at=datetime(2026, 3, 2, tzinfo=UTC)
        )
        self.ann = self.person(ANN, role="owner")

    def person(self, email: str, *, role: str) -> int:
        """Have somebody join; gives their id."""
        with self.books.session() as session:
            new_user(session, self.account, email=email, password_hash="-", role=role, now=SEVEN)
            session.flush()
            return session.exec(select(User.id).where(col(User.email) == email)).one() or 0

    def note(self, note_id: int, **known: Any) -> None:
        """Keep a note, of DAY's noon unless said otherwise."""
        known.setdefault("inserted_at", NOON)
        with self.books.session() as session:
            session.add(SyncLogRow(account_id=self.account, note_id=note_id, **known))

    def sent(self, note_id: int, **known: Any) -> None:
        """Keep a note that became an order half a minute after it came in."""
        came_in = known.setdefault("inserted_at", NOON)
        known.setdefault("synced_at", came_in + timedelta(seconds=30))
        self.note(note_id, order_stage="done", shiphero_order_id=f"SH-{note_id}", **known)

    def shipped(self, note_id: int, **known: Any) -> None:
        """Keep a note that was shipped an hour later."""
        shipped_at = known.get("inserted_at", NOON) + timedelta(hours=1)
        self.sent(note_id, shipment_stage="done", shipped_at=shipped_at, **known)

    def facts(self, day: date = DAY, **asked: Any) -> Facts:
        """Read what a report would tell."""
        wanted = Asked(account_id=self.account, day=day, made_at=self.books.clock(), **asked)
        with reading_session_maker(self.books.engine)() as session:
            return read_facts(session, wanted)

    def ask(self, day: date = DAY, *, due_at: datetime = SEVEN) -> UUID | None:
        """Ask as the clock does."""
        wanted = daily_report(self.account, "acme", day=day, due_at=due_at)
        with self.books.session() as session:
            return record(session, wanted, now=self.books.clock())

    def ask_so_far(self, user_id: int, day: date = DAY) -> UUID | None:
        """Ask as a person does in the portal."""
        now = self.books.clock()
        wanted = report_so_far(self.account, "acme", day=day, user_id=user_id, now=now)
        with self.books.session() as session:
            return record(session, wanted, now=now)

    def make(self) -> Desk:
        """Have what was asked for made."""
        writing = Writing(
            open_reading=reading_session_maker(self.books.engine),
            secret_keys=self.key,
            portal_url=PORTAL,
            now=self.books.clock,
        )
        desk = Desk(self.books)
        desk.deliver(
            partial(make_reports, desk=writing), name=REPORT_REQUESTED, follow=lambda *_: None
        )
        return desk

    def post(self) -> Sequence[EmailMessage]:
        """Have the mails sent; gives them as a real mail server got them."""
        with mail_server() as (server, url):
            postbox = Postbox(
                box=SecretBox(self.key),
                sender="Goodsout <portal@goodsout.example>",
                mailer=partial(post, server=server_of(url), timeout=5),
                is_paused=lambda _account, _email: False,
                bounced=lambda _bounce, _event: None,
                now=self.books.clock,
            )
            mailing = partial(send_mails, postbox=postbox)
            Desk(self.books).deliver(mailing, name=MAIL_REQUESTED, follow=lambda *_: None)
        return server.kept

    def report(self) -> Sequence[EmailMessage]:
        """Ask for DAY's report, have it made and sent; gives the mails."""
        self.ask()
        self.make()
        return self.post()

    def reports(self) -> Sequence[Report]:
        """Read what was kept."""
        with self.books.open_session() as session:
            return session.exec(select(Report).order_by(col(Report.day))).all()

    def rename(self, **values: Any) -> None:
        """Set columns of the account directly."""
        with self.books.session() as session:
            account = session.get_one(Account, self.account)
            account.sqlmodel_update(values)
            session.add(account)


def text_of(mail: EmailMessage) -> str:
    """Give a mail's plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Give a mail's HTML."""
    body = mail.get_body(("html",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def table_of(mail: EmailMessage) -> str:
    """Give the table that is attached."""
    [file] = mail.iter_attachments()
    content: str = file.get_content()
    return content

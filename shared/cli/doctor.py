"""`goodsout doctor`: look at every part that has to work, and say what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import select

from shared.budgets.book import BudgetBook
from shared.cli.registered import compare, registered_webhooks, vendor_lists
from shared.clock import utc_now
from shared.connecting.settings import VendorSettings
from shared.connections import Connections
from shared.db.account_tables import Account
from shared.db.engine import (
    OpenSession,
    open_engine,
    our_trouble,
    reading_session_maker,
    session_maker,
)
from shared.db.migrate import missing_migrations
from shared.errors import GoodsoutError, OurTrouble
from shared.journal.ledger import count_dead
from shared.messaging.open import open_broker
from shared.messaging.url import without_secret
from shared.secrets import SecretBox
from shared.settings import settings_from_environment
from shared.vendors.http import Patience


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, and how it is."""

    what: str
    fine: bool
    sentence: str


def examine() -> Iterator[Finding]:
    """Look at one part after the other; a missing setting ends the process with its name."""
    settings = settings_from_environment(VendorSettings)
    box = _box(settings)
    yield box if isinstance(box, Finding) else _fine("settings", "all set")
    engine = open_engine(settings.database_url, patience=3)
    database = _tried("database", partial(_database, engine))
    yield database
    yield _tried("broker", partial(_broker, settings.broker_url))
    if database.fine:
        yield _tried("dead letters", partial(_dead_letters, engine))
    if database.fine and isinstance(box, SecretBox):
        yield from _accounts(engine, box, settings)


def _box(settings: VendorSettings) -> SecretBox | Finding:
    try:
        return SecretBox(settings.secret_keys.get_secret_value())
    except ValueError as error:
        return Finding(what="settings", fine=False, sentence=str(error))


def _database(engine: Engine) -> str:
    with our_trouble():
        behind = missing_migrations(engine)
    shown = engine.url.render_as_string(hide_password=True)
    if behind:
        raise DoctorError(f"{shown} lacks migrations; run `goodsout migrate`")
    return f"{shown} answers and is migrated"


def _broker(url: str) -> str:
    try:
        open_broker(url).check()
    except OurTrouble as trouble:
        raise DoctorError(
            f"{trouble} Where a queue is missing, run `goodsout topology --declare`."
        ) from trouble
    except ValueError as error:
        raise DoctorError(str(error)) from error
    return f"{without_secret(url)} answers and has every queue"


def _dead_letters(engine: Engine) -> str:
    with our_trouble(), reading_session_maker(engine)() as session:
        count = count_dead(session)
    if count:
        raise DoctorError(f"{count} wait for a person; look at `goodsout ledger`")
    return "none"


def _accounts(engine: Engine, box: SecretBox, settings: VendorSettings) -> Iterator[Finding]:
    reading = reading_session_maker(engine)
    connections = Connections(
        session_maker(engine),
        reading,
        box,
        now=utc_now,
        patience=Patience(total=10),
        vendor_settings=settings,
        allowances=BudgetBook(session_maker(engine), now=utc_now),
    )
    with reading() as session:
        accounts = session.exec(select(Account)).all()
    if not accounts:
        yield _fine("accounts", "none yet")
    for account in accounts:
        yield _tried(f"{account.code} Brightpearl", partial(_brightpearl, connections, account.id))
        yield _tried(f"{account.code} ShipHero", partial(_shiphero, connections, account.id))
        webhooks = partial(_webhooks, reading, connections, box, account.id)
        yield _tried(f"{account.code} webhooks", webhooks)


def _brightpearl(connections: Connections, account_id: UUID) -> str:
    warehouses = connections.brightpearl(account_id).warehouses()
    return f"answers, {len(warehouses)} warehouses"


def _shiphero(connections: Connections, account_id: UUID) -> str:
    account = connections.shiphero(account_id).account()
    return f"answers, {len(account.warehouses)} warehouses"


def _webhooks(
    reading: OpenSession, connections: Connections, box: SecretBox, account_id: UUID
) -> str:
    try:
        with our_trouble(), reading() as session:
            ours = registered_webhooks(session, account_id, box)
    except ValueError as error:
        raise DoctorError(str(error)) from error
    wrong, compared = compare(ours, vendor_lists(connections, account_id))
    if wrong:
        raise DoctorError("; ".join(wrong))
    return compared


class DoctorError(GoodsoutError):
    """A part answers, and is not as it should be."""


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return _fine(what, look())
    except GoodsoutError as error:
        return Finding(what=what, fine=False, sentence=str(error))


def _fine(what: str, sentence: str) -> Finding:
    return Finding(what=what, fine=True, sentence=sentence)

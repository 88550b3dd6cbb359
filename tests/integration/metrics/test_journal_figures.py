"""What the journal tells Prometheus: every event that is not done is counted, once."""

from datetime import timedelta

from services.notifier.figures.journal_metrics import JOURNAL
from shared.accounts import STOPPED_BY_PERSON, WAREHOUSE_UNDECIDED
from shared.events import MAIL_REQUESTED
from shared.journal.settle import hold, kill, retry
from shared.journal.verdict import Dead
from shared.outcome import ANY_VERSION, Held
from tests.integration.clock.hall import connect
from tests.integration.journal.books import Books
from tests.integration.metrics.gauges import counted, read

REFUSED = Dead(code="sku_unknown", reason="ShipHero does not know the SKU.")


def held_by(books: Books, subject: str, cause: str) -> None:
    event = books.a_claim(subject)
    held = Held(cause=cause, reason="It waits.", settings_version=ANY_VERSION)
    with books.session() as session:
        hold(session, event, held, code=cause, now=books.clock())


def failed(books: Books, subject: str, *, again_in: float) -> None:
    event = books.a_claim(subject)
    with books.session() as session:
        due_at = books.clock() + timedelta(seconds=again_in)
        retry(session, event, due_at=due_at, counts=True, code="vendor_unreachable",
              reason="No answer.", now=books.clock())  # fmt: skip


def test_every_event_that_is_not_done_is_in_one_state(books: Books) -> None:
    connect(books, books.account)
    failed(books, "1", again_in=60)
    held_by(books, "2", f"{WAREHOUSE_UNDECIDED}:5")
    event = books.a_claim("3")
    with books.session() as session:
        kill(session, event, REFUSED, now=books.clock())
    books.a_claim("4")
    books.announce("5", not_before=books.clock() + timedelta(hours=1))
    books.announce("6")

    told = read(books, JOURNAL)

    states = ("due", "planned", "retrying", "out", "held", "dead")
    assert counted(told["goodsout_journal_events"]) == {
        ("shiphero_push", state): 1 for state in states
    }
    assert counted(told["goodsout_account_events"]) == {
        ("acme", "shiphero_push", state): 1 for state in states
    }
    assert counted(told["goodsout_held"]) == {WAREHOUSE_UNDECIDED: 1}
    assert counted(told["goodsout_dead_letters"]) == {"sku_unknown": 1}
    assert told["goodsout_account_dead_letters"] == {("acme", "sku_unknown"): 1}


def test_an_empty_journal_shows_every_queue_at_nothing(books: Books) -> None:
    told = read(books, JOURNAL)

    assert set(told["goodsout_journal_oldest_due_seconds"].values()) == {0}
    assert len(told["goodsout_journal_events"]) == 4 * 6
    assert told["goodsout_dead_letters"]["crashes_worker"] == 0


def test_the_oldest_due_event_is_told_by_its_age(books: Books) -> None:
    books.announce("1")
    books.clock.pass_(seconds=40)
    books.announce("2")
    books.clock.pass_(seconds=2)

    told = read(books, JOURNAL)

    assert told["goodsout_journal_oldest_due_seconds"]["shiphero_push"] == 42


def test_what_is_out_is_told_by_how_long_ago_it_left(books: Books) -> None:
    books.announce("1")
    books.publish()
    books.clock.pass_(minutes=7)

    assert read(books, JOURNAL)["goodsout_journal_oldest_out_seconds"]["shiphero_push"] == 420


def test_a_retry_that_nobody_takes_is_late_after_five_minutes(books: Books) -> None:
    failed(books, "1", again_in=30)
    books.clock.pass_(minutes=5)
    early = read(books, JOURNAL)["goodsout_journal_late_retries"]["shiphero_push"]
    books.clock.pass_(minutes=1)

    late = read(books, JOURNAL)["goodsout_journal_late_retries"]["shiphero_push"]

    assert (early, late) == (0, 1)


def test_notes_that_persons_hold_are_one_cause(books: Books) -> None:
    for note in ("1", "2", "3"):
        held_by(books, note, f"{STOPPED_BY_PERSON}:{note}")

    assert counted(read(books, JOURNAL)["goodsout_held"]) == {STOPPED_BY_PERSON: 3}


def test_several_held_events_about_a_note_are_one(books: Books) -> None:
    connect(books, books.account)
    held_by(books, "1", WAREHOUSE_UNDECIDED)
    held_by(books, "1", WAREHOUSE_UNDECIDED)

    assert read(books, JOURNAL)["goodsout_account_held"] == {("acme", WAREHOUSE_UNDECIDED): 1}


def test_a_mail_that_fails_again_and_again_grows_old(books: Books) -> None:
    books.announce("news", name=MAIL_REQUESTED, payload={})
    books.clock.pass_(minutes=20)
    [event] = books.claim(books.publish()).events
    with books.session() as session:
        due_at = books.clock() + timedelta(hours=1)
        retry(session, event, due_at=due_at, counts=True, code="mail_trouble",
              reason="No answer.", now=books.clock())  # fmt: skip

    assert read(books, JOURNAL)["goodsout_mail_oldest_seconds"] == {(): 1200}


def test_accounts_beyond_the_bound_count_in_the_totals_only(books: Books) -> None:
    connect(books, books.account)
    other = books.open_account("zenith")
    connect(books, other)
    books.announce("1")
    books.announce("2", account_id=other)

    told = read(books, JOURNAL, most=1)

    assert told["goodsout_journal_events"]["shiphero_push", "due"] == 2
    assert {key[0] for key in told["goodsout_account_events"]} == {"acme"}

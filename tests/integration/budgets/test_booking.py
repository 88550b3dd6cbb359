"""What is booked of each request that a client made, and what is not ours to lose by it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
from sqlmodel import Session

from shared.budgets.book import BudgetBook, standing
from shared.budgets.brightpearl_window import CLOCKS_APART
from shared.budgets.share import share_of
from shared.db.account_tables import VendorConnection
from shared.errors import OurTrouble, Permanent, Throttled, Transient
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import BearerToken
from tests.integration.budgets.spenders import BRIGHTPEARL, SHIPHERO, Till, a_call, take_all
from tests.integration.delivery.desk import FlakyDatabase
from tests.integration.journal.books import MORNING, Books
from tests.unit.vendors.wire import ACCOUNT_URL, SECRET, Reply, Sent, Wire

TOO_MANY = "You have sent too many requests. Please wait before sending another request"
OPEN = {"Brightpearl-Requests-Remaining": "150", "Brightpearl-Next-Throttle-Period": "40000"}


def brightpearl(till: Till, wire: Wire) -> Brightpearl:
    """Give a client that spends of the account's budget."""
    return Brightpearl(
        wire.http("brightpearl"),
        StaffApp(app_ref="demo_goodsout", staff_token=SECRET),
        base_url=ACCOUNT_URL,
        allowance=till.allowance(),
    )


def shiphero(till: Till, wire: Wire) -> ShipHero:
    """Give a client that spends of the account's credits."""
    return ShipHero(
        wire.http("shiphero"), BearerToken(access_token=SECRET), allowance=till.allowance(SHIPHERO)
    )


def test_every_try_of_a_call_is_booked(till: Till) -> None:
    wire = Wire(Reply(status=502), Reply(status=504), Reply({"response": {}}, headers=OPEN))

    brightpearl(till, wire).goods_out_notes([501])

    assert (len(wire.sent), till.row().calls) == (3, 3)


def test_every_chunk_of_ids_and_every_half_of_one_is_booked(till: Till) -> None:
    wire = Wire(Reply(status=414), Reply({"response": {}}, headers=OPEN))

    brightpearl(till, wire).goods_out_notes(range(1, 151))

    assert (len(wire.sent), till.row().calls) == (4, 4)


def test_a_failed_call_is_booked_like_any_other(till: Till) -> None:
    wire = Wire(Reply({"errors": [{"code": "CMNC-018"}]}, status=500, headers=OPEN))

    with pytest.raises(Permanent):
        brightpearl(till, wire).goods_out_notes([501])

    assert (till.row().calls, till.row().state["left"]) == (1, 150)


def test_every_page_and_every_smaller_page_of_shiphero_is_booked(till: Till) -> None:
    too_dear = {"code": 30, "message": "The max allowed for your account is 1001 credits"}
    page = {"pageInfo": {"hasNextPage": True, "endCursor": "c"}, "edges": []}
    last = {"pageInfo": {"hasNextPage": False}, "edges": []}
    told = {"credits_remaining": 900, "max_available": 1001, "increment_rate": 15}
    more = {"extensions": {"throttling": {"cost": 1, "user_quota": told}}}
    wire = Wire(
        Reply({"errors": [too_dear], **more}),
        Reply({"data": {"orders": {"data": page}}, **more}),
        Reply({"data": {"orders": {"data": last}}, **more}),
    )

    shiphero(till, wire).orders_by_key("GO-1")

    assert (len(wire.sent), till.row(SHIPHERO).calls) == (3, 3)
    assert till.row(SHIPHERO).state["under_way"] == {}


def test_nothing_is_sent_that_was_not_reserved(till: Till) -> None:
    till.learn(0)
    wire = Wire(Reply({"response": {}}))

    with pytest.raises(Throttled, match=r"goes on by itself at 09:01:0\d UTC") as told:
        brightpearl(till, wire).goods_out_notes([501])

    assert told.value.until == MORNING + timedelta(seconds=60 + CLOCKS_APART)
    assert wire.sent == []


def test_the_vendors_refusal_closes_the_account_for_everyone_until_its_time(till: Till) -> None:
    told = {"Brightpearl-Requests-Remaining": "0", "Brightpearl-Next-Throttle-Period": "37500"}
    wire = Wire(Reply({"response": TOO_MANY}, status=503, headers=told))

    with pytest.raises(Throttled):
        brightpearl(till, wire).goods_out_notes([501])

    assert till.opens_at() == MORNING + timedelta(seconds=37.5 + CLOCKS_APART)
    assert (len(wire.sent), till.row().refused) == (1, 1)


def test_the_budget_runs_out_between_two_chunks_of_one_read(till: Till) -> None:
    def answer(sent: Sent) -> Reply:
        left = "1" if sent.path.endswith("100") else "0"
        return Reply({"response": {}}, headers={**OPEN, "Brightpearl-Requests-Remaining": left})

    wire = Wire(answer)

    with pytest.raises(Throttled):
        brightpearl(till, wire).goods_out_notes(range(1, 301))

    assert (len(wire.sent), till.row().calls) == (2, 2)


def test_an_answer_that_cannot_be_booked_hides_nothing_and_lapses(till: Till) -> None:
    database = FlakyDatabase(till.books)
    book = BudgetBook(database, now=till.books.clock, share=lambda _account, _vendor: 100)
    till.learn(10)
    reservation = book.allowance(till.books.account, BRIGHTPEARL).reserve(1)

    database.fails = 1
    reservation.spent(a_call(left=9, resets_in=60.0))

    assert len(take_all(till.allowance())) == 9


def test_where_our_database_does_not_answer_nothing_is_sent(till: Till) -> None:
    database = FlakyDatabase(till.books, fails=1)
    book = BudgetBook(database, now=till.books.clock, share=lambda _account, _vendor: 100)

    with pytest.raises(OurTrouble):
        book.allowance(till.books.account, BRIGHTPEARL).reserve(1)


@dataclass
class SlowDatabase:
    """Opens sessions of `books` after as many seconds as a busy pool lets one wait."""

    books: Books
    seconds: float = 0.0

    def __call__(self) -> Session:
        """Open a session."""
        self.books.clock.pass_(seconds=self.seconds)
        return self.books.open_session()


def test_how_long_our_database_took_moves_no_window(till: Till) -> None:
    database = SlowDatabase(till.books)
    book = BudgetBook(database, now=till.books.clock, share=lambda _account, _vendor: 100)
    reservation = book.allowance(till.books.account, BRIGHTPEARL).reserve(1)

    database.seconds = 5.0
    reservation.spent(a_call(left=0, resets_in=40.0))

    assert till.opens_at() == MORNING + timedelta(seconds=40 + CLOCKS_APART)


def test_a_request_that_never_left_is_booked_too(till: Till) -> None:
    wire = Wire(requests.ConnectTimeout("no way there"))

    with pytest.raises(Transient):
        brightpearl(till, wire).goods_out_notes([501])

    assert (len(wire.sent), till.row().calls) == (3, 3)


@pytest.mark.parametrize(
    ("kind", "setting", "share"),
    [("oauth", None, 95), ("private_app", None, 50), ("", None, 50), ("oauth", 30, 30),
     ("private_app", 80, 80)],
)  # fmt: skip
def test_the_share_at_brightpearl_is_the_accounts_or_suits_its_connection(
    books: Books, kind: str, setting: int | None, share: int
) -> None:
    books.change_settings(brightpearl_share=setting)
    with books.session() as session:
        session.add(VendorConnection(account_id=books.account, vendor=BRIGHTPEARL, base_url="",
                                     kind=kind, credentials="", updated_at=MORNING))  # fmt: skip

    with books.session() as session:
        assert share_of(session, books.account, BRIGHTPEARL) == share


@pytest.mark.parametrize(("setting", "share"), [(None, 90), (60, 60)])
def test_at_shiphero_a_reserve_is_left_to_others(
    books: Books, setting: int | None, share: int
) -> None:
    books.change_settings(shiphero_share=setting)

    with books.session() as session:
        assert share_of(session, books.account, SHIPHERO) == share


def test_a_changed_share_holds_from_the_next_call_on(books: Books) -> None:
    allowance = BudgetBook(books.open_session, now=books.clock).allowance(
        books.account, BRIGHTPEARL
    )
    allowance.reserve(1).spent(a_call(left=199, resets_in=60.0))

    books.change_settings(brightpearl_share=10)

    assert len(take_all(allowance)) == 19


def test_a_page_tells_how_the_account_stands(till: Till) -> None:
    till.learn(120)
    with till.books.session() as session:
        before = standing(session, till.books.account, BRIGHTPEARL, now=till.books.clock())

    take_all(till.allowance())
    with till.books.session() as session:
        after = standing(session, till.books.account, BRIGHTPEARL, now=till.books.clock())

    assert (before.part, before.share, before.opens_at, before.calls) == (100, 50, None, 1)
    assert (before.room, after.room) == (99, 0)
    assert after.opens_at == MORNING + timedelta(seconds=60 + CLOCKS_APART)

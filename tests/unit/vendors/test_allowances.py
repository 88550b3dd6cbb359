"""What a client sets aside before each request, and what it books after it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import requests

from shared.errors import Throttled, Transient, UnknownOutcome
from shared.vendors.brightpearl.api import receipt as brightpearl_receipt
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.oauth import OAuthApp, OAuthToken
from shared.vendors.calls import Budget, Call
from shared.vendors.exchange import Answer
from shared.vendors.shiphero.api import receipt as shiphero_receipt
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import BearerToken
from tests.unit.vendors.wire import ACCOUNT_URL, NOW, SECRET, Reply, Sent, Wire

EMPTY = Reply({"response": {}})
TOO_MANY = "You have sent too many requests. Please wait before sending another request"
QUOTA = {"credits_remaining": 263, "max_available": 4004, "increment_rate": 60}


@dataclass
class FakeAllowance:
    """Lets `most` requests out and remembers, in order, what was reserved and what was spent."""

    most: int = 100
    reserved: list[int] = field(default_factory=list)
    booked: list[Call] = field(default_factory=list)
    under_way: int = 0

    def reserve(self, cost: int) -> "FakeAllowance":
        """Set a request aside, or say when to come back."""
        if len(self.reserved) == self.most:
            raise Throttled("Used up.", until=NOW + timedelta(seconds=9))
        self.reserved.append(cost)
        self.under_way += 1
        return self

    def spent(self, call: Call) -> None:
        """Remember the call."""
        self.under_way -= 1
        self.booked.append(call)


def brightpearl(wire: Wire, allowance: FakeAllowance) -> Brightpearl:
    app = StaffApp(app_ref="demo_goodsout", staff_token=SECRET)
    return Brightpearl(
        wire.http("brightpearl"), app, base_url=ACCOUNT_URL, allowance=allowance, jitter=lambda: 0.0
    )


def shiphero(wire: Wire, allowance: FakeAllowance) -> ShipHero:
    token = BearerToken(access_token=SECRET)
    return ShipHero(wire.http("shiphero"), token, allowance=allowance, jitter=lambda: 0.0)


def test_each_request_is_reserved_before_it_leaves_and_booked_after_it() -> None:
    allowance = FakeAllowance()
    under_way: list[int] = []

    def answer(_sent: Sent) -> Reply:
        under_way.append(allowance.under_way)
        return EMPTY

    brightpearl(Wire(answer), allowance).goods_out_notes([501])

    assert (allowance.reserved, under_way, allowance.under_way) == ([1], [1], 0)
    assert [(call.operation, call.status) for call in allowance.booked] == [
        ("goods_out_notes", 200)
    ]


def test_every_try_is_a_request_of_its_own() -> None:
    allowance = FakeAllowance()
    wire = Wire(Reply(status=502), requests.ConnectTimeout("no way there"), EMPTY)

    brightpearl(wire, allowance).goods_out_notes([501])

    assert len(allowance.reserved) == len(wire.sent) == 3
    assert [call.status for call in allowance.booked] == [502, None, 200]


def test_every_step_of_a_redirect_is_a_request_of_its_own() -> None:
    allowance = FakeAllowance()
    moved = Reply(status=307, headers={"Location": "/public-api/demo/elsewhere"})

    brightpearl(Wire(moved, EMPTY), allowance).goods_out_notes([501])

    assert allowance.reserved == [1, 1]


def test_every_chunk_and_every_half_of_one_is_a_request_of_its_own() -> None:
    allowance = FakeAllowance()
    wire = Wire(Reply(status=414), EMPTY)

    brightpearl(wire, allowance).goods_out_notes(range(1, 151))

    assert len(allowance.reserved) == len(wire.sent) == 4


def test_every_page_of_a_search_is_a_request_of_its_own() -> None:
    allowance = FakeAllowance()
    column = {"columns": [{"name": "goodsOutNoteId"}], "resultsAvailable": 2}

    def answer(sent: Sent) -> Reply:
        is_last = sent.path.endswith("firstResult=2")
        first = 2 if is_last else 1
        meta = {**column, "morePagesAvailable": not is_last, "lastResult": first}
        return Reply({"response": {"results": [[500 + first]], "metaData": meta}})

    found = brightpearl(Wire(answer), allowance).found_goods_out_notes(created_from=NOW)

    assert [note.goods_out_note_id for note in found] == [501, 502]
    assert allowance.reserved == [1, 1]


def test_nothing_is_sent_without_a_reservation() -> None:
    wire, allowance = Wire(EMPTY), FakeAllowance(most=0)

    with pytest.raises(Throttled) as throttled:
        brightpearl(wire, allowance).goods_out_notes([501])

    assert throttled.value.until == NOW + timedelta(seconds=9)
    assert (wire.sent, allowance.booked) == ([], [])


def test_a_budget_that_ends_between_two_tries_is_no_failure_of_the_vendor() -> None:
    allowance = FakeAllowance(most=1)

    with pytest.raises(Throttled):
        brightpearl(Wire(Reply(status=502)), allowance).goods_out_notes([501])

    assert len(allowance.booked) == 1


@pytest.mark.parametrize("lost", [requests.ReadTimeout("silence"), requests.ConnectionError("cut")])
def test_a_write_whose_answer_was_lost_is_booked_too(lost: Exception) -> None:
    allowance = FakeAllowance()

    with pytest.raises((UnknownOutcome, Transient)):
        shiphero(Wire(lost), allowance).cancel_order("SH-1", reason="gone")

    [call] = allowance.booked
    assert (call.status, call.budget) == (None, Budget())


def test_shiphero_sets_its_own_estimate_aside_and_less_for_smaller_pages() -> None:
    too_dear = {"code": 30, "message": "The max allowed for your account is 100 credits"}
    allowance = FakeAllowance()
    wire = Wire(Reply({"errors": [too_dear]}), Reply({"data": {"orders": {"data": {}}}}))

    shiphero(wire, allowance).orders_by_key("GO-1")

    lines = [sent.body["variables"]["lines"] for sent in wire.sent]
    assert allowance.reserved == [1 + 5 * (1 + 2 * count) for count in lines]


def test_a_request_repeated_with_newer_credentials_is_reserved_again() -> None:
    allowance = FakeAllowance()
    wire = Wire(Reply(status=401), EMPTY)
    newer = an_oauth_token("fresh", ACCOUNT_URL)
    stale = an_oauth_token("stale", ACCOUNT_URL, newer=newer)

    Brightpearl(
        wire.http("brightpearl"), stale, base_url=ACCOUNT_URL, allowance=allowance
    ).goods_out_notes([501])

    assert [call.status for call in allowance.booked] == [401, 200]


def an_oauth_token(token: str, base_url: str, newer: OAuthToken | None = None) -> OAuthToken:
    app = OAuthApp(client_id="goodsout", client_secret=SECRET, dev_ref="acme-dev", oauth_url="x")
    return OAuthToken(app=app, access_token=token, base_url=base_url, renew=lambda: newer)


def test_an_account_that_moved_is_asked_at_its_new_data_centre_from_then_on() -> None:
    there = "https://use1.brightpearlconnect.com/public-api/demo"

    def answer(sent: Sent) -> Reply:
        return EMPTY if sent.url.startswith(there) else Reply(status=401)

    wire = Wire(answer)
    stale = an_oauth_token("stale", ACCOUNT_URL, newer=an_oauth_token("fresh", there))
    client = Brightpearl(wire.http("brightpearl"), stale, base_url=ACCOUNT_URL)

    client.goods_out_notes(range(1, 201))
    client.webhooks()

    hosts = [sent.url.split("/")[2].split(".")[0] for sent in wire.sent]
    tokens = [sent.headers["Authorization"] for sent in wire.sent]
    assert hosts == ["euw1", "use1", "use1", "use1"]
    assert tokens == ["Bearer stale", "Bearer fresh", "Bearer fresh", "Bearer fresh"]
    assert wire.sent[1].path == wire.sent[0].path


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (503, {"response": TOO_MANY}, True),
        (503, {"response": TOO_MANY.upper()}, True),
        (429, "<html>", True),
        (503, {"response": "Down for maintenance"}, False),
        (503, "<html>", False),
        (200, {"response": TOO_MANY}, False),
        (500, {"errors": [{"code": "CMNU-003", "message": TOO_MANY}]}, False),
    ],
)
def test_brightpearls_refusal_is_told_from_its_other_troubles(
    status: int, body: Any, *, refused: bool
) -> None:
    _, budget = brightpearl_receipt(an_answer(status, body, {}))

    assert budget.refused is refused


@pytest.mark.parametrize(
    ("told", "seconds"), [("37500", 37.5), ("811", 0.811), ("", None), ("-1", None), ("soon", None)]
)
def test_brightpearls_wait_is_in_thousandths_of_a_second_or_not_told(
    told: str, seconds: float | None
) -> None:
    headers = {"brightpearl-next-throttle-period": told, "brightpearl-requests-remaining": told}

    _, budget = brightpearl_receipt(an_answer(503, {"response": TOO_MANY}, headers))

    assert (budget.refused, budget.resets_in) == (True, seconds)


def an_error(**told: Any) -> Mapping[str, Any]:
    error = {"code": 30, "message": "There are only 263 left", "operation": "orders", **told}
    quota = {"throttling": {"user_quota": QUOTA}}
    return {"data": {"orders": None}, "errors": [error], "extensions": quota}


@pytest.mark.parametrize(
    ("status", "body", "refused", "seconds"),
    [
        (200, an_error(required_credits=1343, time_remaining="18 seconds"), True, 18.0),
        (200, an_error(required_credits=1343, time_remaining="55 minutes"), True, 3300.0),
        (200, an_error(required_credits=1463, remaining_credits=263), True, 20.0),
        (200, an_error(), True, None),
        (200, an_error(required_credits=5051, time_remaining="0"), False, None),
        (200, an_error(message="The max allowed for your account is 4004"), False, None),
        (200, an_error(code=3), False, None),
        (200, {"data": {"orders": {}}}, False, None),
        (200, {"errors": "none"}, False, None),
        (429, "slow down", True, 60.0),
        (503, "<html>", False, None),
    ],
)
def test_shipheros_refusal_to_wait_is_told_from_its_other_errors(
    status: int, body: Any, *, refused: bool, seconds: float | None
) -> None:
    _, budget = shiphero_receipt(an_answer(status, body, {}))

    assert (budget.refused, budget.resets_in) == (refused, seconds)


def an_answer(status: int, body: Any, headers: Mapping[str, str]) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status=status, headers=headers, body=text.encode())


def test_a_refused_request_is_booked_as_such_and_comes_back_by_itself() -> None:
    allowance = FakeAllowance()
    wire = Wire(Reply({"response": TOO_MANY}, status=503))

    with pytest.raises(Throttled):
        brightpearl(wire, allowance).goods_out_notes([501])

    assert [call.budget.refused for call in allowance.booked] == [True]

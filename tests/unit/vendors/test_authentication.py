"""A refused credential is refreshed once, by one thread, and the request repeated once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from shared.errors import ConnectionBroken
from shared.vendors.authentication import SignedHttp
from shared.vendors.exchange import Ask, Effect
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.unit.vendors.wire import SECRET, Reply, Sent, Wire

if TYPE_CHECKING:
    from shared.vendors.shiphero.account_models import Tokens

ASK = Ask(
    operation="write", method="POST", url="https://vendor.example/a", effect=Effect.SINGLE_WRITE
)


@dataclass
class Numbered:
    """Credentials that count their generations."""

    generation: int = 1
    last: int = 2
    refreshes: list[int] = field(default_factory=list)
    base_url: str = ""

    @property
    def version(self) -> int:
        """Tell the generations apart."""
        return self.generation

    def headers(self) -> Mapping[str, str]:
        """Show the generation."""
        return {"Authorization": f"generation {self.generation}"}

    def refreshed(self) -> "Numbered | None":
        """Count up to the last generation."""
        self.refreshes.append(self.generation)
        if self.generation == self.last:
            return None
        return Numbered(self.generation + 1, self.last, self.refreshes)


def _accepts(generation: int) -> Wire:
    def answer(sent: Sent) -> Reply:
        good = sent.headers["Authorization"] == f"generation {generation}"
        return Reply(status=200 if good else 401)

    return Wire(answer)


def test_a_refused_request_is_repeated_once_with_newer_credentials() -> None:
    wire, first = _accepts(2), Numbered()

    answer = SignedHttp(wire.http(), first).send(ASK)

    assert answer.status == 200
    assert first.refreshes == [1]


def test_the_newer_credentials_serve_the_next_request_too() -> None:
    wire, first = _accepts(2), Numbered()
    signed = SignedHttp(wire.http(), first)

    signed.send(ASK)
    signed.send(ASK)

    assert len(wire.sent) == 3
    assert first.refreshes == [1]


def test_a_request_refused_while_another_refreshed_takes_the_newer_credentials() -> None:
    wire, first = _accepts(2), Numbered(last=9)
    signed = SignedHttp(wire.http(), first)
    honest = wire.script[0]
    overtaking = iter([True])

    def answer(sent: Sent) -> Reply:
        if next(overtaking, False):
            signed.send(ASK)  # a second request is refused and refreshes before this answer
        assert callable(honest)
        return honest(sent)

    wire.script[0] = answer

    assert signed.send(ASK).status == 200
    assert first.refreshes == [1]


def test_a_second_refusal_is_handed_back() -> None:
    wire, first = _accepts(3), Numbered(last=9)

    answer = SignedHttp(wire.http(), first).send(ASK)

    assert answer.status == 401
    assert len(wire.sent) == 2


def test_credentials_without_anything_newer_are_not_tried_again() -> None:
    wire, only = _accepts(9), Numbered(last=1)

    answer = SignedHttp(wire.http(), only).send(ASK)

    assert answer.status == 401
    assert len(wire.sent) == 1


def test_shipheros_new_token_is_kept_before_it_is_used() -> None:
    kept: list[Tokens] = []
    fresh = {"access_token": "fresh", "expires_in": 2419200, "token_type": "Bearer"}
    account = {"data": {"account": {"request_id": "r", "data": {"id": "ACCOUNT-1"}}}}
    wire = Wire(Reply(status=401), Reply(fresh), Reply(account))
    http = wire.http("shiphero")
    token = BearerToken(
        access_token="stale",
        refresh_token="long-lived",
        tokens=ShipHeroTokens(http),
        keep=kept.append,
    )

    read = ShipHero(http, token).account()

    assert read.id == "ACCOUNT-1"
    assert [one.access_token for one in kept] == ["fresh"]
    assert [sent.path for sent in wire.sent] == ["/graphql", "/auth/refresh", "/graphql"]
    assert wire.sent[-1].headers["Authorization"] == "Bearer fresh"


def test_a_refused_refresh_breaks_the_connection() -> None:
    wire = Wire(Reply({"detail": SECRET}, status=401))

    with pytest.raises(ConnectionBroken) as caught:
        ShipHeroTokens(wire.http()).refresh("revoked")

    assert SECRET not in str(caught.value)


def test_a_password_is_exchanged_under_the_name_username() -> None:
    tokens = {"access_token": SECRET, "refresh_token": SECRET, "expires_in": 2419200}
    wire = Wire(Reply(tokens))

    got = ShipHeroTokens(wire.http()).exchange_password("demo@example.com", "pass")

    assert json.loads(json.dumps(wire.sent[0].body)) == {
        "username": "demo@example.com",
        "password": "pass",
    }
    assert SECRET not in repr(got)
    assert got.refresh_token == SECRET

"""What was asked in an attempt, beside what was asked in the one before."""

from typing import Any

from services.portal.log.exchange_view import ExchangeView, exchanges_in
from tests.unit.portal.stories import an_attempt

CALL = {"vendor": "shiphero", "operation": "order_create", "status": 200, "request_id": "r-1"}


def views(sku: str, before: list[ExchangeView] | None = None, **kept: Any) -> list[ExchangeView]:
    told = {"method": "POST", "path": "/graphql", "asked": {"sku": sku}, "answered": {}, **kept}
    attempt = an_attempt(vendor_calls=[CALL])
    return exchanges_in(attempt, [told], before=before or (), personal=False)


def test_what_is_asked_otherwise_than_before_is_told_line_by_line() -> None:
    [second] = views("TEA-2", views("TEA-1"))

    assert second.changed == '-  "sku": "TEA-1"\n+  "sku": "TEA-2"'


def test_the_same_question_again_tells_nothing() -> None:
    assert [one.changed for one in views("TEA-1", views("TEA-1"))] == [""]


def test_a_question_of_another_kind_is_not_compared() -> None:
    assert [one.changed for one in views("TEA-2", views("TEA-1", path="/other"))] == [""]

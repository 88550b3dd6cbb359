"""Every call of the API, by construction: which token it takes, and whose rows that sees."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.portal.frame.access import Need
from services.portal.tokens.token import CUSTOMERS_SEARCH, SCOPES
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.programs import API, Program, a_token
from tests.integration.portal.rows import Rows
from tests.integration.portal.test_isolation import everything_of, failed, filled, tells
from tests.integration.portal.walking import addresses, need_at


def calls(merchants: Merchants, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """Give every call: its scope, its method, and its address with the ids of `rows`."""
    document = merchants.visitor().get(f"{API}/openapi.json").get_json()
    for rule, method, address in addresses(merchants.app, rows):
        if need_at(merchants.app, rule) == Need.TOKEN:
            path = rule.rule.removeprefix(API).replace("<int:", "{").replace(">", "}")
            # A call that the document does not name ends the test here.
            operation = document["paths"][path][method.lower()]
            yield next(iter(operation["security"][0]["token"]), ""), method, address


def statuses(program: Program, wanted: list[tuple[str, str, str]]) -> dict[str, int]:
    return {
        f"{method} {address}": program.call(method, address, {}).status_code
        for _, method, address in wanted
    }


@pytest.mark.parametrize("given", ["", "go_", "go_" + "x" * 43, "nonsense", "go_\u00e9"])
def test_without_a_good_token_every_call_is_refused(
    sqlite_merchants: Merchants, given: str
) -> None:
    wanted = list(calls(sqlite_merchants, filled(sqlite_merchants)))

    answered = statuses(Program(sqlite_merchants, given), wanted)

    assert set(answered.values()) == {401}


@pytest.mark.parametrize(
    "ended", [{"revoked_at": NOON}, {"expires_at": NOON}, {"expires_at": NOON - timedelta(days=1)}]
)
def test_a_token_that_has_ended_is_refused(
    sqlite_merchants: Merchants, ended: dict[str, Any]
) -> None:
    wanted = list(calls(sqlite_merchants, filled(sqlite_merchants)))

    answered = statuses(Program(sqlite_merchants, a_token(sqlite_merchants, **ended)), wanted)

    assert set(answered.values()) == {401}


def test_a_log_in_counts_for_nothing(sqlite_merchants: Merchants) -> None:
    wanted = list(calls(sqlite_merchants, filled(sqlite_merchants)))
    owner = sqlite_merchants.viewer()

    answered = {owner.open(address, method=method).status_code for _, method, address in wanted}

    assert answered == {401}


# What finds more with a scope is no call of its own: `test_customer_search.py` has it.
@pytest.mark.parametrize("scope", sorted(SCOPES.keys() - {CUSTOMERS_SEARCH}))
def test_each_call_needs_its_scope(sqlite_merchants: Merchants, scope: str) -> None:
    wanted = list(calls(sqlite_merchants, filled(sqlite_merchants)))
    others = a_token(sqlite_merchants, scopes=SCOPES.keys() - {scope})

    answered = statuses(
        Program(sqlite_merchants, others), [call for call in wanted if call[0] == scope]
    )

    assert set(answered.values()) == {403}


def test_a_token_sees_and_changes_nothing_of_another_account(merchants: Merchants) -> None:
    wanted = list(calls(merchants, filled(merchants)))
    program, before = Program(merchants, a_token(merchants)), everything_of(merchants)

    answers = {
        f"{method} {address}": program.call(method, address, {}) for _, method, address in wanted
    }

    assert {name: answer.status for name, answer in answers.items() if failed(answer)} == {}
    assert [name for name, answer in answers.items() if tells(answer)] == []
    assert [name for name, answer in answers.items() if "Set-Cookie" in answer.headers] == []
    assert everything_of(merchants) == before


def test_a_token_of_the_other_account_sees_it_all(sqlite_merchants: Merchants) -> None:
    # Else the test above would find nothing because there is nothing to find.
    wanted = list(calls(sqlite_merchants, filled(sqlite_merchants)))
    program = Program(sqlite_merchants, a_token(sqlite_merchants, HARBOUR))

    seen = {address for _, method, address in wanted if tells(program.call(method, address, {}))}

    assert {f"{API}/sync-log", f"{API}/sync-log/8001", f"{API}/configuration"} <= seen


def test_a_page_after_a_call_is_nobodys(sqlite_merchants: Merchants) -> None:
    token = a_token(sqlite_merchants, FERNLEAF)
    client = sqlite_merchants.visitor()
    client.get(f"{API}/health", headers={"Authorization": f"Bearer {token}"})

    page = client.get("/sync-log", headers={"Authorization": f"Bearer {token}"})

    assert page.status_code == 302

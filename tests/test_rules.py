"""docs/rules.md says what the code and the tests say: no rule without tests, no case forgotten."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from shared.reasons.listed import REASONS
from shared.reasons.of_orders import OF_ORDERS
from shared.reasons.of_shipments import OF_SHIPMENTS
from shared.reasons.reason import NOBODY, OPERATOR

TESTS = Path(__file__).parent
RULES = (TESTS.parent / "docs" / "rules.md").read_text()
MISSION = TESTS.parents[1] / "shared" / "mission.md"
# The cases of the trade as ../shared/mission.md names them in its table D.
CASES = frozenset({
    "several notes of one sales order",
    (
        "note of a stock transfer, drop-ship note, note already shipped, created before go-live, "
        "warehouse unmapped"
    ),
    "note with a release date in the future",
    "shipping method that demands weight or boxes",
    "orders in ShipHero that are not ours",
    "note changed after sending (shipping method, priority)",
    "note deleted (by event, or proved twice; never by mere absence from a list)",
    "ShipHero order cancelled in the warehouse",
    "SKU unknown in ShipHero",
    "product without SKU, fractional quantity, no address or country, unmapped shipping method",
    "one line's stock in several places",
    "bundle",
    "several parcels, several shipments",
    "tracking changed or label voided after shipping",
    "3PL with customer accounts",
    "credentials revoked",
    "vendor down for hours, broker or database restarted, process killed",
    "currencies, prices, taxes",
    "time zones",
})  # fmt: skip


class Rule(NamedTuple):
    """One row of the page, and the heading it stands under."""

    case: str
    sentence: str
    codes: tuple[str, ...]
    tests: tuple[str, ...]
    seen: str


def _rules() -> Iterator[Rule]:
    case = ""
    for line in RULES.splitlines():
        if line.startswith("### "):
            case = line.removeprefix("### ")
        elif line.startswith("| ") and not line.startswith("| Rule "):
            sentence, codes, tests, seen = (cell.strip() for cell in line.strip("|").split("|"))
            yield Rule(case, sentence, _quoted(codes), _quoted(tests), seen)


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


RULE_LIST = tuple(_rules())
each_rule = pytest.mark.parametrize("rule", RULE_LIST, ids=[rule.sentence for rule in RULE_LIST])


def test_every_case_of_the_trade_has_rules() -> None:
    told = {_begun_small(rule.case) for rule in RULE_LIST}

    assert told >= CASES


@pytest.mark.skipif(not MISSION.exists(), reason="../shared/ is not here")
def test_the_cases_are_those_of_the_mission() -> None:
    table = MISSION.read_text().split("\n## D.", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")]

    assert set(rows) - {"case"} == CASES


@each_rule
def test_a_rules_tests_exist(rule: Rule) -> None:
    assert [test for test in rule.tests if test not in _tests_in(test.partition("::")[0])] == []


@each_rule
def test_a_rule_is_held_apart_and_end_to_end(rule: Rule) -> None:
    is_whole = {test.startswith("end_to_end/") for test in rule.tests}

    assert is_whole == {True, False}


@each_rule
def test_a_rules_codes_are_of_the_closed_list(rule: Rule) -> None:
    assert [code for code in rule.codes if code not in REASONS] == []


def test_every_reason_that_a_merchant_can_meet_is_of_a_rule() -> None:
    asks_them = {code for code, one in REASONS.items() if one.whose_turn not in {NOBODY, OPERATOR}}
    told = {code for rule in RULE_LIST for code in rule.codes}

    assert (asks_them | OF_ORDERS.keys() | OF_SHIPMENTS.keys()) - told == set()


@each_rule
def test_a_rule_says_how_to_see_it(rule: Rule) -> None:
    assert len(rule.seen) > 1


def _begun_small(title: str) -> str:
    """Give a heading as the mission writes it; names in capitals stay."""
    is_name = len(title) > 1 and title[1].isupper()
    return title if is_name or title.startswith("ShipHero") else title[:1].lower() + title[1:]


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = TESTS / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text())
    named = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return frozenset(f"{path}::{name}" for name in named)

"""Every call of the clients is in the contract suites, and every live test is in the docs."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.oauth import BrightpearlOAuth
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.tokens import ShipHeroTokens
from tests.contract.vendors.live_settings import PREFIX, LiveSettings
from tests.contract.vendors.sandbox_process import ROOT

SUITES = [
    Path(__file__).with_name(f"test_{name}.py")
    for name in (
        "brightpearl_account",
        "brightpearl_consent",
        "brightpearl_reading",
        "brightpearl_shipping",
        "shiphero_account",
        "shiphero_orders",
        "shiphero_products",
        "shiphero_tokens",
    )
]
DOCS = (ROOT / "docs" / "contract-live.md").read_text(encoding="utf-8")


def _suites() -> list[ast.Module]:
    return [ast.parse(suite.read_text(encoding="utf-8")) for suite in SUITES]


def _tests() -> Iterator[tuple[ast.FunctionDef, str]]:
    for suite in _suites():
        for one in suite.body:
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                yield one, " ".join(map(ast.unparse, one.decorator_list))


@pytest.mark.parametrize("client", [Brightpearl, BrightpearlOAuth, ShipHero, ShipHeroTokens])
def test_every_call_of_a_client_is_asked_of_fake_and_sandbox(client: type) -> None:
    calls = {name for name, _ in inspect.getmembers(client, inspect.isfunction) if name[0] != "_"}
    asked = {
        part.func.attr
        for suite in _suites()
        for part in ast.walk(suite)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
    }

    assert calls - asked == set()


def test_every_live_test_is_in_the_docs_and_the_reverse() -> None:
    live = {test.name for test, marks in _tests() if "staged" not in marks}

    assert set(re.findall(r"^\| `(test_\w+)` ", DOCS, re.MULTILINE)) == live


def test_every_live_variable_is_in_the_docs_and_the_reverse() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in LiveSettings.model_fields}

    assert set(re.findall(rf"^\| `({PREFIX}\w+)` ", DOCS, re.MULTILINE)) == known

"""The README's one table of switches and faults is that of the code, row by row."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from sandbox.control.table import rows
from sandbox.settings import read_settings

README = Path(__file__).resolve().parents[3] / "sandbox" / "README.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"


def test_the_table_of_switches_and_faults_is_that_of_the_code() -> None:
    text = README.read_text()

    table = text[text.index(BEGIN) + len(BEGIN) : text.index(END)].splitlines()[2:]

    assert table == [row.as_markdown() for row in rows()]


def test_every_setting_is_told() -> None:
    told = set(re.findall(r"SANDBOX_\w+", README.read_text()))
    asked: set[str] = set()

    class Asked(dict[str, str]):
        def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
            asked.add(name)
            return "" if default is not None else None

    read_settings(Asked())

    assert told == asked


def test_every_control_address_is_told(client: FlaskClient) -> None:
    text = README.read_text()
    rules = [str(rule) for rule in client.application.url_map.iter_rules()]

    missing = [
        rule for rule in rules if rule.startswith("/control/") and _as_told(rule) not in text
    ]

    assert missing == []


def _as_told(rule: str) -> str:
    """Write `/control/accounts/<code>/move` as the README does."""
    rule = rule.replace("/control/accounts/<code>", "/control/accounts/{a}")
    return re.sub(r"<[^>]+>", "{id}", rule)

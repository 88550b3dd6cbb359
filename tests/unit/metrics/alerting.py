"""Prometheus' rules and their own tests, as they stand in deploy/prometheus."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PROMETHEUS = Path(__file__).parents[3] / "deploy" / "prometheus"
FILES = sorted(file.name for file in (PROMETHEUS / "rules").glob("*.yaml"))
TESTS = sorted((PROMETHEUS / "tests").glob("*.yaml"))
# What a metric's name begins with: everything else in an expression is a function or a label.
NAMES = re.compile(r"\b(?:goodsout|rabbitmq|process)_[a-z0-9_]+")


def rules(file: str | None = None) -> list[Any]:
    """List the rules of one file, or of all."""
    return [rule for name in FILES if file in (None, name) for rule in _rules_in(name)]


def cases(file: str) -> list[Any]:
    """List the test cases of a file of rules."""
    read = [yaml.safe_load(test.read_text()) for test in TESTS]
    about = [one for one in read if f"../rules/{file}" in one["rule_files"]]
    return [case for one in about for group in one["tests"] for case in group["alert_rule_test"]]


def metrics_in(expr: str) -> set[str]:
    """Name the metrics of an expression; what stands in quotes is a label's value."""
    return set(NAMES.findall(re.sub(r'"[^"]*"', "", expr)))


def _rules_in(name: str) -> Iterator[Any]:
    read = yaml.safe_load((PROMETHEUS / "rules" / name).read_text())
    for group in read["groups"]:
        yield from group["rules"]

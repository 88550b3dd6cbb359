"""Every alert says what to do, is tested both ways, and is noticed where its metric is gone."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.metrics.alerting import FILES, PROMETHEUS, cases, metrics_in, rules

RULES = rules()
RUNBOOK = (Path(__file__).parents[3] / "docs" / "runbook.md").read_text()
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
each_file = pytest.mark.parametrize("file", FILES)

# Metrics that are not there while nobody is connected, or nobody has called a vendor; that they
# are read and served at all is noticed by FiguresOld and ProcessDown.
MAY_BE_ABSENT = {"goodsout_account_budget_closed_seconds", "goodsout_vendor_calls_total"}


def test_every_alert_has_a_name_of_its_own() -> None:
    names = [rule["alert"] for rule in RULES]

    assert [name for name, count in Counter(names).items() if count > 1] == []


@each_rule
def test_an_alert_leads_to_its_part_of_the_runbook(rule: Any) -> None:
    assert rule["annotations"]["runbook_url"] == f"docs/runbook.md#{rule['alert'].lower()}"


def test_the_runbook_has_a_part_for_every_alert() -> None:
    headings = set(re.findall(r"^#+ (\w+)$", RUNBOOK, re.MULTILINE))

    assert {rule["alert"] for rule in RULES} <= headings


@each_rule
def test_an_alert_says_whom_it_calls_and_what_is_wrong(rule: Any) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")


@each_file
def test_every_alert_is_tested_to_fire_and_to_stay_silent(file: str) -> None:
    tested = {(case["alertname"], bool(case["exp_alerts"])) for case in cases(file)}

    assert tested == {(rule["alert"], fires) for rule in rules(file) for fires in (True, False)}


@each_file
def test_a_metric_that_is_gone_is_noticed(file: str) -> None:
    used = {name for rule in rules(file) for name in metrics_in(rule["expr"])}
    noticed = {
        name
        for rule in RULES
        if rule["alert"].endswith("MetricsMissing")
        for name in metrics_in(rule["expr"])
    }

    assert used - noticed - MAY_BE_ABSENT == set()


def test_every_service_that_is_scraped_is_missed_when_it_is_absent() -> None:
    configuration = yaml.safe_load((PROMETHEUS / "prometheus.yaml").read_text())
    [ours] = [one for one in configuration["scrape_configs"] if one["job_name"] == "goodsout"]
    [absent] = [rule for rule in RULES if rule["alert"] == "ProcessAbsent"]

    scraped = set(ours["dns_sd_configs"][0]["names"])
    assert set(re.findall(r'service="([^"]+)"', absent["expr"])) == scraped


def test_compose_starts_prometheus_with_our_configuration() -> None:
    compose = yaml.safe_load((PROMETHEUS.parent / "compose.yaml").read_text())
    started = compose["services"]["prometheus"]
    [given] = [word for word in started["command"] if word.startswith("--config.file=")]
    mounted = dict(one.split(":")[:2] for one in started["volumes"])

    file = given.removeprefix(f"--config.file={mounted['./prometheus']}/")
    assert (PROMETHEUS / file).is_file()

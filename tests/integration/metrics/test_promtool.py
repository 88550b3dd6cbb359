"""Prometheus' own tool takes the configuration and the rules, and runs the rules' tests."""

from pathlib import Path

import pytest

from tests.servers.prometheus import promtool
from tests.unit.metrics.alerting import PROMETHEUS, TESTS


def test_prometheus_takes_the_configuration_and_the_rules() -> None:
    code, said = promtool("check", "config", "prometheus.yaml", folder=PROMETHEUS)

    assert code == 0, said
    assert "FAILED" not in said


@pytest.mark.parametrize("test", TESTS, ids=[test.stem for test in TESTS])
def test_every_alert_fires_and_stays_silent_as_its_tests_say(test: Path) -> None:
    code, said = promtool("test", "rules", test.name, folder=test.parent)

    assert code == 0, said

"""The dashboards as Grafana will read them. It cannot be installed here: nothing is rendered."""

import json
from itertools import combinations
from typing import Any

import pytest
import yaml

from deploy.grafana.laying_out import COLUMNS
from deploy.grafana.write import FOLDER, written

PROVISIONED = FOLDER.parent / "provisioning"
NAMES = sorted(written())
each = pytest.mark.parametrize("name", NAMES)


def dashboard(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


def panels(name: str) -> list[Any]:
    return [panel for panel in dashboard(name)["panels"] if panel["type"] != "row"]


@each
def test_the_file_is_what_its_description_says(name: str) -> None:
    assert (FOLDER / name).read_text() == written()[name], "run python -m deploy.grafana.write"


def test_there_is_no_dashboard_without_a_description() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.json")) == NAMES


def test_every_dashboard_has_an_address_of_its_own() -> None:
    uids = {dashboard(name)["uid"] for name in NAMES}

    assert len(uids) == len(NAMES)


@each
def test_panels_have_numbers_of_their_own(name: str) -> None:
    numbers = [panel["id"] for panel in dashboard(name)["panels"]]

    assert len(set(numbers)) == len(numbers)


@each
def test_panels_lie_side_by_side(name: str) -> None:
    places = [panel["gridPos"] for panel in dashboard(name)["panels"]]

    assert [place for place in places if place["x"] + place["w"] > COLUMNS] == []
    assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []


@each
def test_every_panel_says_what_it_shows_in_which_unit(name: str) -> None:
    told = [(one["description"], one["fieldConfig"]["defaults"]["unit"]) for one in panels(name)]

    assert [pair for pair in told if not all(pair)] == []


@each
def test_no_two_panels_have_one_title(name: str) -> None:
    titles = [panel["title"] for panel in panels(name)]

    assert len(set(titles)) == len(titles)


@each
def test_thresholds_rise(name: str) -> None:
    steps = [panel["fieldConfig"]["defaults"]["thresholds"]["steps"] for panel in panels(name)]

    assert [one for one in steps if one[0]["value"] is not None] == []
    assert [one for one in steps if not rises([step["value"] for step in one[1:]])] == []


@each
def test_every_query_asks_the_data_source_that_is_provisioned(name: str) -> None:
    provisioned = yaml.safe_load((PROVISIONED / "datasources" / "prometheus.yaml").read_text())
    asked = {
        one["datasource"]["uid"] for panel in panels(name) for one in (panel, *panel["targets"])
    } | {one["datasource"]["uid"] for one in dashboard(name)["templating"]["list"]}

    assert asked == {provisioned["datasources"][0]["uid"]}


@each
def test_several_series_of_a_panel_have_names(name: str) -> None:
    nameless = [
        panel["title"]
        for panel in panels(name)
        if len(panel["targets"]) > 1
        and "__auto" in [target["legendFormat"] for target in panel["targets"]]
        and panel["type"] != "stat"
    ]

    assert nameless == []


def test_the_dashboards_lie_where_grafana_is_told_to_look() -> None:
    provider = yaml.safe_load((PROVISIONED / "dashboards" / "goodsout.yaml").read_text())
    compose = yaml.safe_load((FOLDER.parents[1] / "compose.yaml").read_text())
    mounted = dict(one.split(":")[:2] for one in compose["services"]["grafana"]["volumes"])

    assert mounted["./grafana/dashboards"] == provider["providers"][0]["options"]["path"]


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    apart = (
        one["x"] + one["w"] <= other["x"],
        other["x"] + other["w"] <= one["x"],
        one["y"] + one["h"] <= other["y"],
        other["y"] + other["h"] <= one["y"],
    )
    return not any(apart)


def rises(values: list[float]) -> bool:
    return values == sorted(set(values))

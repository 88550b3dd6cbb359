"""What a dashboard is made of: rows, and in them panels of queries, laid out from left to right."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["stat", "timeseries", "bargauge"]

# Grafana's own names of units.
COUNT: Final = "short"
RATE: Final = "ops"
SECONDS: Final = "s"
PART: Final = "percentunit"
BYTES: Final = "bytes"

GREEN, YELLOW, RED = "green", "yellow", "red"

# A stretch of time that Grafana chooses to fit the width of a panel and the scrapes.
RANGE: Final = "[$__rate_interval]"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A PromQL expression; `legend` names its series by their labels, such as `{{queue}}`."""

    expr: str
    legend: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One picture. `about` says what it shows and what is to be done about it.

    From `warns` on a value is yellow, from `wrong` on red; with `low_is_bad` it is so below them.
    A grid has 24 columns.
    """

    title: str
    about: str
    kind: Kind
    unit: str
    queries: tuple[Query, ...]
    width: int
    height: int
    warns: float | None = None
    wrong: float | None = None
    low_is_bad: bool = False
    stacked: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """Something that a person chooses above the panels; `query` lists what there is."""

    name: str
    label: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """One page; `uid` is part of its address."""

    uid: str
    title: str
    about: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()


def q(expr: str, legend: str = "") -> Query:
    """Write a query."""
    return Query(expr=expr, legend=legend)


def stat(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    warns: float | None = None,
    wrong: float | None = None,
    low_is_bad: bool = False,
    width: int = 3,
) -> Panel:
    """Describe a number that is read at a glance."""
    return Panel(
        title=title,
        about=about,
        kind="stat",
        unit=unit,
        queries=queries,
        width=width,
        height=4,
        warns=warns,
        wrong=wrong,
        low_is_bad=low_is_bad,
    )


def graph(
    title: str,
    about: str,
    unit: str,
    *queries: Query,
    width: int = 8,
    wrong: float | None = None,
    stacked: bool = False,
) -> Panel:
    """Describe lines over time; `wrong` draws a line of its own."""
    return Panel(
        title=title,
        about=about,
        kind="timeseries",
        unit=unit,
        queries=queries,
        width=width,
        height=8,
        wrong=wrong,
        stacked=stacked,
    )


def bars(title: str, about: str, unit: str, *queries: Query, width: int = 8) -> Panel:
    """Describe what there is now of each kind, one bar each."""
    return Panel(
        title=title, about=about, kind="bargauge", unit=unit, queries=queries, width=width, height=8
    )


def quantiles(metric: str, by: str = "", *parts: float) -> tuple[Query, ...]:
    """Write one query for each part of a histogram, such as 0.95, by a label or of all."""
    grouped = f"le, {by}" if by else "le"
    label = f"{{{{{by}}}}} " if by else ""
    return tuple(
        q(
            f"histogram_quantile({part}, sum by ({grouped}) (rate({metric}_bucket{RANGE})))",
            f"{label}p{part * 100:g}",
        )
        for part in parts or (0.5, 0.95)
    )

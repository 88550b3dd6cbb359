"""The report as its templates draw it: words and links only."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifier.report.wording import Verdict


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a table: its name and its cells; perhaps it leads somewhere."""

    name: str
    cells: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A sentence: what may be a link, and the rest of it."""

    words: str
    link: str = ""
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class NeedView:
    """What needs a person for one reason: how much, what to do, where, and which notes."""

    title: str
    colour: str
    remedy: str
    then: str
    link: str
    notes: Sequence[Item]
    more: int


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A day of the chart; `height` in pixels, `label` what stands above it."""

    day: str
    label: str
    height: int
    is_reported: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class View:
    """The whole report."""

    account: str
    heading: str
    as_of: str
    late: str
    verdict: Verdict
    standing: Sequence[Row]
    before: tuple[str, ...]
    compared: Sequence[Row]
    received: int
    day_link: str
    places: Sequence[Row]
    skipped: Sequence[Row]
    needs: Sequence[NeedView]
    times: Sequence[Row]
    late_notes: str
    late_link: str
    late_listed: Sequence[Item]
    bars: Sequence[Bar]
    proof: Sequence[Item]
    changes: Sequence[str]
    changes_link: str
    more_changes: int
    alerts: Sequence[str]
    settings_link: str

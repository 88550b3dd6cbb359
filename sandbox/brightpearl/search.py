"""Resource search: filters, columns, sorting and paging over rows of one resource (section 11)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sandbox.brightpearl import times
from sandbox.brightpearl.faults import UNPARSABLE_FILTER, Refused, bad_request
from sandbox.brightpearl.id_sets import spans

LARGEST_PAGE = 500
_WORDS = {"columns", "sort", "pageSize", "firstResult", "countOnly"}

Row = dict[str, Any]
# No rows: `firstResult` and `lastResult` are absent (contract section 11).
EMPTY: Row = {
    "response": {
        "results": [],
        "metaData": {
            "morePagesAvailable": False,
            "resultsAvailable": 0,
            "resultsReturned": 0,
            "columns": [],
            "sorting": [],
        },
    },
    "reference": {},
}
Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Column:
    """One column as the answer's `metaData` describes it."""

    name: str
    kind: str
    sortable: bool = True
    filterable: bool = True
    reference: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Describe the column in the vendor's words."""
        return {
            "name": self.name,
            "sortable": self.sortable,
            "filterable": self.filterable,
            "reportDataType": self.kind,
            "referenceData": list(self.reference),
            "isFreeTextSearchable": False,
            "required": False,
        }


@dataclass(frozen=True)
class Resource:
    """What can be searched: columns, and how a cell that holds a time is written."""

    columns: Sequence[Column]
    write_time: Callable[[float], str]
    refuse_unknown: bool = True
    reference: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Find a column by name."""
        return next((column for column in self.columns if column.name == name), None)


def search(resource: Resource, rows: Sequence[Row], arguments: Mapping[str, str]) -> Row:
    """Answer a search; rows are dicts by column name with times as epoch seconds."""
    tests = _tests(resource, arguments)
    found = [row for row in rows if all(test(row[name]) for name, test in tests)]
    sorting = _sorting(resource, arguments.get("sort", ""))
    for column, direction in reversed(sorting):
        found.sort(key=partial(_rank_of, column.name), reverse=direction == "DESC")
    first = _number(arguments, "firstResult", 1)
    size = min(_number(arguments, "pageSize", LARGEST_PAGE), LARGEST_PAGE)
    page = found[first - 1 : first - 1 + size]
    shown = _shown(resource, arguments.get("columns", ""))
    meta = {
        "morePagesAvailable": first - 1 + len(page) < len(found),
        "resultsAvailable": len(found),
        "resultsReturned": len(page),
        **({"firstResult": first, "lastResult": first + len(page) - 1} if page else {}),
        "columns": [column.as_json() for column in shown],
        "sorting": [{"filterable": c.as_json(), "direction": way} for c, way in sorting],
    }
    results = [[_cell(resource, row, column) for column in shown] for row in page]
    if arguments.get("countOnly") == "true":
        results = []
    return {
        "response": {"results": results, "metaData": meta},
        "reference": _reference(resource, shown, page),
    }


def _cell(resource: Resource, row: Row, column: Column) -> Any:
    value = row[column.name]
    if column.kind == "PERIOD" and value is not None:
        return resource.write_time(value)
    return value


def _shown(resource: Resource, names: str) -> list[Column]:
    if not names:
        return list(resource.columns)
    found = [resource.column(name.strip()) for name in names.split(",")]
    return [column for column in found if column is not None]


def _reference(resource: Resource, shown: Sequence[Column], page: Sequence[Row]) -> Row:
    """Give names only for codes that are on the page, as recorded answers do."""
    looked_up = {}
    for column in shown:
        met = {str(row[column.name]) for row in page}
        for name in column.reference:
            names = resource.reference.get(name, {})
            looked_up[name] = {code: text for code, text in names.items() if code in met}
    return {name: names for name, names in looked_up.items() if names}


def _sorting(resource: Resource, text: str) -> list[tuple[Column, str]]:
    found = []
    for part in filter(None, text.replace("|", ".").split(",")):
        name, _, direction = part.partition(".")
        column = resource.column(name)
        if column is None or not column.sortable or direction not in {"", "ASC", "DESC"}:
            raise bad_request(f"The sort {part} is not possible")
        found.append((column, direction or "ASC"))
    return found or [(resource.columns[0], "ASC")]


def _rank_of(name: str, row: Row) -> tuple[int, Any]:
    value = row[name]
    return (0, 0) if value is None else (1, value)


def _number(arguments: Mapping[str, str], name: str, otherwise: int) -> int:
    text = arguments.get(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or int(text) < 1:
        raise bad_request(f"{name}={text} must be a positive number")
    return int(text)


def _tests(resource: Resource, arguments: Mapping[str, str]) -> list[tuple[str, Test]]:
    found = []
    for name, value in arguments.items():
        if name in _WORDS:
            continue
        column = resource.column(name)
        if column is not None and column.filterable:
            found.append((name, _test(column, value)))
        elif resource.refuse_unknown:
            message = f"The filter {name}={value} cannot be parsed as: a column of this resource"
            raise Refused(500, (UNPARSABLE_FILTER, message))
    return found


def _test(column: Column, value: str) -> Test:
    """Read a filter's value; one that does not fit its type is HTTP 500 CMNC-018 (recorded)."""
    try:
        return _READERS[column.kind](value)
    except (ValueError, Refused):
        message = f"The filter {column.name}={value} cannot be parsed as: {column.kind}"
        raise Refused(500, (UNPARSABLE_FILTER, message)) from None


def _integer(value: str) -> Test:
    number = int(value)
    return lambda cell: bool(cell == number)


def _id_set(value: str) -> Test:
    wanted = spans(value)
    return lambda cell: cell is not None and any(a <= cell <= b for a, b in wanted)


def _boolean(value: str) -> Test:
    if value not in {"true", "false"}:
        raise ValueError(value)
    return lambda cell: bool(cell) == (value == "true")


def span_of(value: str | None) -> tuple[float, float] | None:
    """Read a PERIOD filter; None where there is none that can be read."""
    try:
        return None if value is None else _span(value)
    except ValueError:
        return None


def _span(value: str) -> tuple[float, float]:
    start, slash, end = value.partition("/")
    if not slash or not (start or end):
        raise ValueError(value)
    since = times.read(start) if start else float("-inf")
    return since, times.read(end) if end else float("inf")


def _period(value: str) -> Test:
    since, until = _span(value)
    return lambda cell: cell is not None and since <= cell <= until


def _string(value: str) -> Test:
    return lambda cell: cell is not None and str(cell).lower() == value.lower()


_READERS: dict[str, Callable[[str], Test]] = {
    "INTEGER": _integer,
    "IDSET": _id_set,
    "BOOLEAN": _boolean,
    "PERIOD": _period,
    "STRING": _string,
    "SEARCH_STRING": _string,
}

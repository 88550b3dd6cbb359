"""An order in ShipHero's field names, laid out flat: to be read by people, and compared; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.vendors.shiphero.new_order import NewOrder

LINES: Final = "line_items"
LINE_ID: Final = "partner_line_item_id"


@dataclass(frozen=True, kw_only=True)
class Otherwise:
    """A field that was sent otherwise than shown; "" stands for a field that is not set."""

    field: str
    shown: str
    sent: str


def told(new: NewOrder) -> dict[str, Any]:
    """Give what ShipHero is told, by its field names; what is not set is left out."""
    return new.model_dump(mode="json", exclude_none=True)


def flat(order: Mapping[str, Any]) -> dict[str, str]:
    """Lay an order out field by field: `shipping_address.city`, `line_items.8001.sku`.

    A line is named by the row of the sales order that it stands for.
    """
    return dict(_flat(order))


def otherwise(shown: Mapping[str, Any], sent: Mapping[str, Any]) -> tuple[Otherwise, ...]:
    """Name the fields in which two orders differ, in the order of the first."""
    before, after = flat(shown), flat(sent)
    names = dict.fromkeys((*before, *after))
    return tuple(
        Otherwise(field=name, shown=before.get(name, ""), sent=after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    )


def _flat(fields: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        path = f"{before}{name}"
        match value:
            case dict():
                yield from _flat(value, f"{path}.")
            case list() if name == LINES:
                for number, line in enumerate(value, start=1):
                    yield from _flat(line, f"{path}.{_row_of(line) or number}.")
            case list():
                yield path, _words(value)
            case _:
                yield path, _word(value)


def _row_of(line: Mapping[str, Any]) -> str:
    return str(line.get(LINE_ID, "")).rpartition("-")[2]


def _words(values: Sequence[Any]) -> str:
    return ", ".join(map(_word, values))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

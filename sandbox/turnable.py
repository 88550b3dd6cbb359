"""How a switch is declared, so that all of them can be listed with what they do and why."""

from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple


class FaultKind(NamedTuple):
    """One kind of trouble as a table shows it."""

    name: str
    what: str
    section: str


@dataclass(frozen=True)
class Description:
    """One switch as a table shows it."""

    name: str
    default: Any
    what: str
    section: str
    choices: tuple[object, ...]


def switch(default: Any, what: str, section: str, choices: tuple[object, ...] = ()) -> Any:
    """Declare a switch: what it does, and the section of the vendor's contract it stands for."""
    return field(default=default, metadata={"what": what, "section": section, "choices": choices})


def described(holder: type) -> tuple[Description, ...]:
    """List the switches that were declared with `switch`, in order."""
    return tuple(
        Description(
            name=each.name,
            default=each.default,
            what=each.metadata["what"],
            section=each.metadata["section"],
            choices=each.metadata["choices"],
        )
        for each in fields(holder)
        if "what" in each.metadata
    )

"""What ShipHero will estimate an operation at before it runs it; pure (contract §3).

The estimate is 1 + N x (1 + Σ nested N) over the connections asked for, plain lists being free:
each connection adds its own page times those of all around it.
"""

import re
from collections.abc import Mapping
from typing import Any

# What a mutation costs was never seen (contract §3): the dearest query seen cost 17, a record and
# its lines about 10. An answer tells the true cost, and what was too much is given back.
MUTATION = 10
PAGE_WITHOUT_FIRST = 100

_FRAGMENT = re.compile(r"fragment\s+(\w+)\s+on\s+\w+\s*")
_SPREAD = re.compile(r"\.\.\.\s*(\w+)")
_STEP = re.compile(r"\(([^()]*)\)\s*\{|\{|\}")
_FIRST = re.compile(r"\bfirst:\s*(?:\$(\w+)|(\d+))")


def estimated_cost(document: str, variables: Mapping[str, Any]) -> int:
    """Give the credits that a document needs to be let in."""
    operation, fragments = _taken_apart(document)
    floor = MUTATION if operation.lstrip().startswith("mutation") else 1
    return floor + _pages(_SPREAD.sub(lambda found: fragments[found[1]], operation), variables)


def _pages(text: str, variables: Mapping[str, Any]) -> int:
    total, around = 0, [1]
    for step in _STEP.finditer(text):
        if step[0] == "}":
            around.pop()
            continue
        page = _page(step[1] or "", variables)
        total += page * around[-1]
        around.append(around[-1] * (page or 1))
    return total


def _page(arguments: str, variables: Mapping[str, Any]) -> int:
    found = _FIRST.search(arguments)
    if found is None:
        return 0
    return int(found[2] or variables.get(found[1], PAGE_WITHOUT_FIRST))


def _taken_apart(document: str) -> tuple[str, dict[str, str]]:
    """Split a document into its operation and the bodies of its fragments, by name."""
    parts = _FRAGMENT.split(document)
    bodies = zip(parts[1::2], parts[2::2], strict=True)
    return parts[0], {
        name: body.strip().removeprefix("{").removesuffix("}") for name, body in bodies
    }

"""Pages of a list; the cursor is base64 of an offset, so moving rows repeat or go missing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.shiphero.faults import INVALID, Refused

DEFAULT_PAGE = 100
_PREFIX = "arrayconnection:"

Node = dict[str, Any]


def connection(nodes: Sequence[Any], render: Callable[[Any], Node], paging: dict[str, Any]) -> Node:
    """Cut one page; `sort` works inside the page only (contract section 5)."""
    start = 0 if paging.get("after") is None else _offset(paging["after"]) + 1
    end = len(nodes) if paging.get("before") is None else _offset(paging["before"])
    first, last = paging.get("first"), paging.get("last")
    if last is not None and first is None:
        start = max(start, end - last)
    else:
        end = min(end, start + (DEFAULT_PAGE if first is None else max(first, 0)))
    page = [(at, render(nodes[at])) for at in range(start, min(end, len(nodes)))]
    edges = [{"cursor": cursor(at), "node": node} for at, node in page]
    if paging.get("sort"):
        edges = _sorted(edges, paging["sort"])
    return {
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": start > 0 and bool(nodes),
            "startCursor": cursor(page[0][0]) if page else None,
            "endCursor": cursor(page[-1][0]) if page else None,
        },
        "edges": edges,
        "total_count": len(nodes),
    }


def cursor(offset: int) -> str:
    """Write the cursor of a place in the list."""
    return base64.b64encode(f"{_PREFIX}{offset}".encode()).decode()


def _offset(text: str) -> int:
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix(_PREFIX))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused(f"Invalid cursor {text}", INVALID) from None


def _sorted(edges: list[Node], sort: str) -> list[Node]:
    name = sort.lstrip("-")

    def rank(edge: Node) -> tuple[bool, Any]:
        value = edge["node"].get(name)
        return (value is not None and not callable(value), "" if callable(value) else value or "")

    return sorted(edges, key=rank, reverse=sort.startswith("-"))

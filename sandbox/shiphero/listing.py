"""How every list query answers: priced only, or one page of what was found."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero.connections import Node, connection
from sandbox.shiphero.visit import Visit, result


def listed(
    info: GraphQLResolveInfo[Visit],
    find: Callable[[], list[Any]],
    render: Callable[[Any], Node],
    *,
    analyze: bool,
) -> Node:
    """Answer a list; trouble with an argument shows at `data`, as captured."""
    if analyze:
        return result(info)
    return result(info, data=lambda _info, **paging: connection(find(), render, paging))

"""One call of the API: said once, and both the route and the document are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from services.portal.api.shapes import Asked, Nothing, Told
from services.portal.frame.access import Page
from services.portal.frame.problem_documents import Problem

A = TypeVar("A", bound=Asked)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a program may do.

    `do` is called with the ids of the path, `query`, and `body` where there is one; its name is
    the operation's, its docstring what the document says of it. `scope` is "" where any good token
    will do. `refusals` are the statuses of its own, with when they come.
    """

    do: Callable[..., Told]
    method: str
    path: str
    scope: str
    answer: type[Told]
    query: type[Asked] = Nothing
    body: type[Asked] | None = None
    refusals: Mapping[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The operation's name, that of its function."""
        return self.do.__name__

    def view(self) -> Page:
        """Build what Flask calls."""

        def view(**given: Any) -> ResponseReturnValue:
            given["query"] = _read_query(self.query)
            if self.body is not None:
                given["body"] = _read_body(self.body)
            return Response(self.do(**given).model_dump_json(), mimetype="application/json")

        view.__name__ = self.name
        return view


def _read_query(model: type[A]) -> A:
    given = request.args.to_dict(flat=False)
    twice = {name: f"{name} is given more than once." for name in given if len(given[name]) > 1}
    if twice:
        raise unfit(twice)
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise unfit(_faults(error)) from error


def _read_body(model: type[A]) -> A:
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as JSON, with `Content-Type: application/json`.")
    try:
        return model.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        raise unfit(_faults(error)) from error


def unfit(faults: Mapping[str, str]) -> Problem:
    """Refuse what was sent, with a sentence for each field."""
    return Problem(422, "Not as it should be", " ".join(faults.values()), faults=faults)


def _faults(error: ValidationError) -> dict[str, str]:
    """Say what is wrong by field, in pydantic's words but without what was sent."""
    faults: dict[str, str] = {}
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in one["loc"]) or "body"
        faults.setdefault(name, f"{name}: {one['msg']}.")
    return faults

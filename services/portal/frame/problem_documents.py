"""What a program is told when something went wrong: a problem document of RFC 9457."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

API_PREFIX: Final = "/api/v1"
PROBLEM_TYPE: Final = "application/problem+json"


class Problem(HTTPException):
    """A refusal that a program can read; `faults` has a sentence for each field that is wrong."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        faults: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        document = problem_document(status, title, detail, faults=faults, headers=headers)
        super().__init__(detail, response=document)
        self.code = status


def problem_document(
    status: int,
    title: str,
    detail: str,
    *,
    faults: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build the answer; a problem without a page of its own is of the type "about:blank"."""
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    told |= {"detail": detail, **({"faults": dict(faults)} if faults else {})}
    return Response(
        json.dumps(told), status=status, content_type=PROBLEM_TYPE, headers=dict(headers or {})
    )


def problem_of(error: HTTPException) -> Response:
    """Tell of what Flask itself refused, such as a method that an address has not."""
    allowed = error.get_response().headers.get("Allow")
    headers = {"Allow": allowed} if allowed else None
    return problem_document(error.code or 500, error.name, error.description or "", headers=headers)


def is_asked_by_program() -> bool:
    """Tell whether the address is one of the API's, whether or not there is anything at it."""
    return request.path == API_PREFIX or request.path.startswith(f"{API_PREFIX}/")

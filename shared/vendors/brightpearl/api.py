"""One call to Brightpearl's REST API: address, body, faults and the id sets in its paths."""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from shared.errors import VendorTrace
from shared.vendors.authentication import Authentication, SignedHttp
from shared.vendors.brightpearl.faults import (
    Asked,
    RequestTooLong,
    fault,
    is_throttle,
    next_window,
    unclear,
)
from shared.vendors.brightpearl.models import Reading, Writing
from shared.vendors.calls import Allowance, Budget
from shared.vendors.exchange import Answer, Ask, Effect
from shared.vendors.http import VendorHttp

# Notes allow 500 ids and orders 200; of the others no limit is known, and 414 was met with long
# lists: 100 is safe for all (contract §5).
IDS_AT_ONCE = 100
REQUESTS_A_MINUTE = 200  # contract §4
JITTER = 1.5  # seconds at most, so that waiting workers do not all return at once

Model = TypeVar("Model", bound=Reading)
Query = Mapping[str, str | int | bool | None]


def receipt(answer: Answer) -> tuple[str, Budget]:
    """Find Brightpearl's request id and budget in the headers of any answer (contract §4)."""
    left = answer.header("Brightpearl-Requests-Remaining")
    return answer.header("Ruid"), Budget(
        left=int(left) if left.isdigit() else None,
        most=REQUESTS_A_MINUTE if left.isdigit() else None,
        resets_in=next_window(answer),
        refused=is_throttle(answer),
    )


class Api:
    """What all calls of a Brightpearl client share; safe to share between threads."""

    def __init__(
        self,
        http: VendorHttp,
        authentication: Authentication,
        *,
        base_url: str,
        allowance: Allowance | None = None,
        jitter: Callable[[], float] = lambda: random.uniform(0, JITTER),
    ) -> None:
        """`base_url` ends with the account: `https://{host}/public-api/{account}`."""
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._signed = SignedHttp(http, authentication, base_url=self._base_url)
        self._allowance = allowance
        self._jitter = jitter

    def _get(self, operation: str, path: str, query: Query | None = None) -> Any:
        """Read; the value under `response`, None when nothing is there."""
        answer, asked = self._ask(operation, "GET", path + _query_text(query or {}), Effect.READ)
        return None if answer.status == 404 else self._response(answer, asked)  # noqa: PLR2004

    def _write(
        self,
        operation: str,
        method: str,
        path: str,
        body: Writing | Mapping[str, Any] | None,
        effect: Effect,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Write; the value under `response`, None when the answer is the plain `{}`."""
        answer, asked = self._ask(operation, method, path, effect, body, headers)
        return self._response(answer, asked)

    def _create(self, operation: str, path: str, new: Writing) -> int:
        """Make something that doubles when repeated; its id."""
        answer, asked = self._ask(operation, "POST", path, Effect.SINGLE_WRITE, new)
        made = self._response(answer, asked)
        if not isinstance(made, int):
            raise unclear(asked, "the answer has no id")
        return made

    def _ask(
        self,
        operation: str,
        method: str,
        path: str,
        effect: Effect,
        body: Writing | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Answer, Asked]:
        ask = Ask(
            operation=operation,
            method=method,
            url=self._base_url + path,
            effect=effect,
            headers={"Content-Type": "application/json", **(headers or {})},
            body=None if body is None else as_json(body),
            allowance=self._allowance,
        )
        answer = self._signed.send(ask)
        asked = self._asked(ask, answer)
        error = fault(answer, asked)
        if error is not None:
            raise error
        return answer, asked

    def _asked(self, ask: Ask, answer: Answer) -> Asked:
        return Asked(
            operation=ask.operation,
            effect=ask.effect,
            now=self._http.clock(),
            jitter=self._jitter(),
            trace=VendorTrace(request_ids=(answer.request_id,) if answer.request_id else ()),
        )

    def _response(self, answer: Answer, asked: Asked) -> Any:
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, Mapping) or "errors" in body:
            raise unclear(asked, "the answer cannot be read", code="brightpearl_unreadable")
        return body.get("response")

    def _read_all(self, model: type[Model], given: Any, operation: str) -> tuple[Model, ...]:
        listed = given if isinstance(given, list) else []
        return tuple(self._read(model, one, operation) for one in listed)

    def _read(self, model: type[Model], given: Any, operation: str) -> Model:
        try:
            return model.model_validate(given)
        except ValidationError as error:
            # Only where it went wrong: the values may be personal data.
            places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:5])
            asked = Asked(operation=operation, effect=Effect.READ, now=self._http.clock())
            raise unclear(
                asked, f"the answer cannot be read at {places}", code="brightpearl_unreadable"
            ) from None

    def _get_set(
        self, operation: str, path: str, ids: Iterable[int], query: Query | None = None
    ) -> Iterator[Any]:
        """Read an id set in chunks; `path` has `{ids}`. Each chunk's value, nothing left out."""
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), IDS_AT_ONCE):
            chunk = wanted[start : start + IDS_AT_ONCE]
            yield from self._get_chunk(operation, path, chunk, query)

    def _get_chunk(
        self, operation: str, path: str, ids: list[int], query: Query | None
    ) -> list[Any]:
        try:
            found = self._get(operation, path.format(ids=",".join(map(str, ids))), query)
        except RequestTooLong:
            if len(ids) == 1:
                raise
            half = len(ids) // 2
            return [
                *self._get_chunk(operation, path, ids[:half], query),
                *self._get_chunk(operation, path, ids[half:], query),
            ]
        return [found] if found else []  # [], {} and 404 all mean nothing (contract §5)


def as_json(body: Writing | Mapping[str, Any]) -> bytes:
    """Write a body in Brightpearl's spelling, unset fields left out."""
    if isinstance(body, Writing):
        return body.model_dump_json(by_alias=True, exclude_none=True).encode()
    return json.dumps(body).encode()


def _query_text(query: Query) -> str:
    # The slash of a PERIOD stays as it is, a plus must not (contract §11).
    parts = [
        f"{quote(name)}={quote(_plain(value), safe='/:,')}"
        for name, value in query.items()
        if value is not None
    ]
    return "?" + "&".join(parts) if parts else ""


def _plain(value: str | int | bool | None) -> str:  # noqa: FBT001 - a query's value, no flag
    return str(value).lower() if isinstance(value, bool) else str(value)

"""One GraphQL operation at ShipHero: document, variables, faults, pages and fallbacks."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shared.errors import VendorTrace
from shared.vendors.authentication import Authentication, SignedHttp
from shared.vendors.calls import Allowance, Budget
from shared.vendors.exchange import Answer, Ask, Effect
from shared.vendors.http import VendorHttp
from shared.vendors.shiphero.documents import SMALLER_PAGES, Document
from shared.vendors.shiphero.estimate import estimated_cost
from shared.vendors.shiphero.faults import (
    Asked,
    DocumentRefused,
    TooCostly,
    payload,
    quota_of,
    unclear,
    wait_told,
)
from shared.vendors.shiphero.models import Reading

PUBLIC_API = "https://public-api.shiphero.com"
JITTER = 1.5  # seconds at most, so that waiting workers do not all return at once

Model = TypeVar("Model", bound=Reading)
Variables = Mapping[str, Any]


def receipt(answer: Answer) -> tuple[str, Budget]:
    """Find ShipHero's request id and credits in the body of an answer (contract §2, §3)."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if not isinstance(body, Mapping):
        body = {}
    quota = quota_of(body)
    refused, wait = wait_told(answer, body)
    return _request_id(body), Budget(
        refused=refused,
        resets_in=wait,
        left=quota.get("credits_remaining"),
        most=quota.get("max_available"),
        refill=quota.get("increment_rate"),
        cost=quota.get("cost"),
    )


def _request_id(body: Mapping[str, Any]) -> str:
    data, errors = body.get("data"), body.get("errors")
    parts = [*(data.values() if isinstance(data, Mapping) else ())]
    parts += errors if isinstance(errors, list) else []
    ids = (part.get("request_id") for part in parts if isinstance(part, Mapping))
    return next((str(one) for one in ids if one), "")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Model]):
    """One page of a connection; `cursor` leads to the next, None on the last one."""

    rows: tuple[Model, ...]
    cursor: str | None


class Api:
    """What all calls of a ShipHero client share; safe to share between threads."""

    def __init__(
        self,
        http: VendorHttp,
        authentication: Authentication,
        *,
        customer_account_id: str | None = None,
        base_url: str = PUBLIC_API,
        allowance: Allowance | None = None,
        jitter: Callable[[], float] = lambda: random.uniform(0, JITTER),
    ) -> None:
        """`customer_account_id` is the customer a 3PL acts for; required where `is_3pl`."""
        self._signed = SignedHttp(http, authentication)
        self._http = http
        self._customer_account_id = customer_account_id
        self._url = base_url.rstrip("/") + "/graphql"
        self._allowance = allowance
        self._jitter = jitter
        self._refused: set[str] = set()  # documents whose newer fields this server lacks

    def _query(self, document: Document, variables: Variables) -> Mapping[str, Any]:
        """Read; without newer fields where they are refused, with smaller pages where needed."""
        if document.older is None:
            return self._in_smaller_pages(document, variables)
        if document.operation not in self._refused:
            try:
                return self._in_smaller_pages(document, variables)
            except DocumentRefused:
                self._refused.add(document.operation)
        return self._in_smaller_pages(document.older, variables)

    def _in_smaller_pages(self, document: Document, variables: Variables) -> Mapping[str, Any]:
        for size in SMALLER_PAGES:
            try:
                return self._run(document, variables, Effect.READ)
            except TooCostly:
                variables = _with_pages_of(size, variables)
        return self._run(document, variables, Effect.READ)

    def _mutate(
        self, document: Document, data: Variables, effect: Effect = Effect.SINGLE_WRITE
    ) -> Mapping[str, Any]:
        """Write, on behalf of the 3PL's customer where one is set (contract §11)."""
        if self._customer_account_id is not None:
            data = {"customer_account_id": self._customer_account_id, **data}
        return self._run(document, {"data": data}, effect)

    def _run(self, document: Document, variables: Variables, effect: Effect) -> Mapping[str, Any]:
        ask = Ask(
            operation=document.operation,
            method="POST",
            url=self._url,
            effect=effect,
            headers={"Content-Type": "application/json"},
            body=json.dumps({"query": document.text, "variables": variables}).encode(),
            cost=estimated_cost(document.text, variables),
            allowance=self._allowance,
        )
        answer = self._signed.send(ask)
        return payload(answer, self._asked(document.operation, effect, answer.request_id))

    def _asked(self, operation: str, effect: Effect, request_id: str = "") -> Asked:
        return Asked(
            operation=operation,
            effect=effect,
            now=self._http.clock(),
            jitter=self._jitter(),
            trace=VendorTrace(request_ids=(request_id,) if request_id else ()),
        )

    def _made(self, model: type[Model], given: Mapping[str, Any], name: str) -> Model:
        """Read what a mutation made; an answer without it proves nothing."""
        return self._read(model, given.get(name), f"{name} of the answer", Effect.SINGLE_WRITE)

    def _read(
        self, model: type[Model], given: Any, operation: str, effect: Effect = Effect.READ
    ) -> Model:
        try:
            return model.model_validate(given)
        except ValidationError as error:
            # Only where it went wrong: the values may be personal data.
            places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:5])
            asked = self._asked(operation, effect)
            raise unclear(asked, f"the answer cannot be read at {places or 'its top'}") from None

    def _pages(self, document: Document, variables: Variables, place: str) -> Iterator[Any]:
        """Go through the nodes of a connection, page after page, `place` below the payload."""
        after: str | None = None
        while True:
            part: Any = self._query(document, {**variables, "after": after})
            for step in place.split("."):
                part = (part or {}).get(step)
            if not isinstance(part, Mapping):
                raise unclear(self._asked(document.operation, Effect.READ), f"no {place} in it")
            yield from nodes_of(part)
            following = next_page(part)
            if following is None or following == after:
                return
            after = following


def nodes_of(connection: Mapping[str, Any]) -> list[Any]:
    """Take the nodes of one page; null edges and nodes are possible in the schema."""
    edges = connection.get("edges") or ()
    return [edge["node"] for edge in edges if edge and edge.get("node") is not None]


def next_page(connection: Mapping[str, Any] | None) -> str | None:
    """Name the cursor to go on from; None on the last page."""
    told = (connection or {}).get("pageInfo") or {}
    return (told.get("endCursor") or None) if told.get("hasNextPage") else None


def _with_pages_of(size: int, variables: Variables) -> Variables:
    sizes = {name: min(variables[name], size) for name in ("lines", "first") if name in variables}
    return {**variables, **sizes}

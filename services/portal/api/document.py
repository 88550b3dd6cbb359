"""The API's OpenAPI document, made from the operations and their shapes; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from inspect import getdoc
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.portal.api.operation import Operation
from services.portal.frame.problem_documents import API_PREFIX, PROBLEM_TYPE
from services.portal.tokens.token import SCOPES
from shared.db.columns import GREATEST_INTEGER

Json = dict[str, Any]
Way = tuple[type[BaseModel], Literal["serialization", "validation"]]
SCHEMAS: Final = "#/components/schemas/"
# What any call may be answered with, beside its own refusals.
ALWAYS: Final[Mapping[int, str]] = {
    401: "No token was sent, or one that is not known, revoked or expired.",
    403: "The token has not the scope.",
    422: "Something that was sent is not as it should be; `faults` has a sentence by field.",
    429: "The token was used too often; `Retry-After` says in how many seconds to go on.",
    503: "Our database, or a vendor that had to be asked, does not answer just now.",
}
OF_A_BODY: Final[Mapping[int, str]] = {
    413: "The body is too long.",
    415: "The body is no JSON.",
}
ABOUT: Final = (
    "For a merchant's own programs. A token is of one account, made by an owner on the page API "
    "tokens, and sent as `Authorization: Bearer go_...`. Times are ISO 8601 in UTC, amounts are "
    "decimal text. A parameter or field that is not listed here is refused."
)
PROBLEM: Final[Json] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Not as it should be"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "examples": ["limit: Input should be at most 200."]},
        "faults": {
            "type": "object",
            "description": "A sentence for each field that is wrong.",
            "additionalProperties": {"type": "string"},
            "examples": [{"limit": "limit: Input should be at most 200."}],
        },
    },
}

_CONVERTER = re.compile(r"<int:(\w+)>")


def document(operations: Sequence[Operation], *, version: str) -> Json:
    """Write the document of `operations`."""
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(_path(operation), {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Goodsout API", "version": version, "description": ABOUT},
        "servers": [{"url": API_PREFIX}],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(_ways(operations)), "Problem": PROBLEM},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: " + "; ".join(
                        f"`{scope}` to {meaning}" for scope, meaning in SCOPES.items()
                    ) + ".",
                }
            },
        },
    }  # fmt: skip


def _path(operation: Operation) -> str:
    return _CONVERTER.sub(r"{\1}", operation.path)


def _operation(operation: Operation) -> Json:
    told = (getdoc(operation.do) or "").partition("\n")
    summary, more = told[0], " ".join(told[2].split())
    written: Json = {
        "operationId": operation.name,
        "summary": summary.rstrip("."),
        "description": more or summary,
        "security": [{"token": [operation.scope] if operation.scope else []}],
        "parameters": [*_ids(operation), *_query(operation.query)],
        "responses": _answers(operation),
    }
    if operation.body is not None:
        schema = {"$ref": SCHEMAS + operation.body.__name__}
        content = {"application/json": {"schema": schema}}
        written["requestBody"] = {"required": True, "content": content}
    return written


def _ids(operation: Operation) -> Iterator[Json]:
    for name in _CONVERTER.findall(operation.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": "Brightpearl's id of the goods-out note.",
            "schema": {
                "type": "integer", "minimum": 1, "maximum": GREATEST_INTEGER, "examples": [70011],
            },
        }  # fmt: skip


def _query(model: type[BaseModel]) -> Iterator[Json]:
    schema = model.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        kept = _without_null(field)
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": kept.pop("description", ""),
            "schema": kept,
        }


def _without_null(field: Json) -> Json:
    """Leave null out: an address cannot say it."""
    kept = {key: value for key, value in field.items() if key not in ("anyOf", "title", "default")}
    if field.get("default") not in (None, ""):
        kept["default"] = field["default"]
    for one in field.get("anyOf", ()):
        if one.get("type") != "null":
            kept |= one
    return kept


def _answers(operation: Operation) -> Json:
    ref = {"$ref": SCHEMAS + operation.answer.__name__}
    answers: Json = {
        "200": {
            "description": "Done." if operation.method != "GET" else "As it is now.",
            "content": {"application/json": {"schema": ref}},
        }
    }
    refusals = {**ALWAYS, **operation.refusals, **(OF_A_BODY if operation.body else {})}
    if not operation.scope:
        del refusals[HTTPStatus.FORBIDDEN]
    problem = {PROBLEM_TYPE: {"schema": {"$ref": SCHEMAS + "Problem"}}}
    for status, sentence in sorted(refusals.items()):
        answers[str(status)] = {"description": sentence, "content": problem}
    return answers


def _ways(operations: Sequence[Operation]) -> tuple[Way, ...]:
    wanted: list[Way] = [(operation.answer, "serialization") for operation in operations]
    wanted += [(one.body, "validation") for one in operations if one.body is not None]
    return tuple(wanted)


@cache
def _schemas(wanted: tuple[Way, ...]) -> Json:
    _, definitions = models_json_schema(wanted, ref_template=SCHEMAS + "{model}")
    schemas: Json = definitions["$defs"]
    return {name: _untitled(schema) for name, schema in sorted(schemas.items())}


def _untitled(schema: Any) -> Any:
    """Leave out the titles that pydantic makes of a field's name: they say nothing new."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {field: _untitled(its) for field, its in value.items()}
        if name == "properties"
        else _untitled(value)
        for name, value in schema.items()
        if name != "title"
    }

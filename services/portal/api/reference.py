"""The API's document as its page draws it: parameters, fields, examples; pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from services.portal.api.document import SCHEMAS, Json

# The deepest shape that an example shows; nothing of ours goes so deep.
DEEPEST: Final = 6
WORDS: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
FORMATS: Final[Mapping[str, str]] = {"date-time": "time", "date": "day", "uuid": "id"}
# What a call is shown with: a filter says more than none.
SHOWN_QUERY: Final[Mapping[str, Mapping[str, str]]] = {
    "list_notes": {"state": "needs_you", "limit": "20"},
    "change_configuration": {"dry_run": "true"},
    "get_ledger": {"days": "7"},
}
SHOWN_BODY: Final[Mapping[str, Json]] = {
    "change_configuration": {
        "order_sync_on": True,
        "warehouses": [{"id": 3, "decision": "not_sent"}],
    },
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A parameter or field: its name, what it is, and what it means; `ref` is its own shape."""

    name: str
    kind: str
    meaning: str
    ref: str = ""
    needed: bool = False


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A shape of the document."""

    name: str
    meaning: str
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One operation."""

    name: str
    method: str
    path: str
    title: str
    meaning: str
    scope: str
    parameters: Sequence[Line]
    body: str
    answer: str
    refusals: Sequence[tuple[str, str]]
    curl: str
    example: str


def sections(document: Json, *, base: str) -> Sequence[Section]:
    """Give every operation; `base` is where the portal is reached."""
    prefix = document["servers"][0]["url"]
    return [
        _section(document, path, method, operation, address=base.rstrip("/") + prefix + path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def shapes(document: Json) -> Sequence[Shape]:
    """Give every shape that anything refers to."""
    return [_shape(name, schema) for name, schema in document["components"]["schemas"].items()]


def example_of(document: Json, schema: Json, depth: int = 0) -> Any:
    """Make an example, from those of the fields."""
    if (name := _ref(schema)) and depth < DEEPEST:
        return example_of(document, document["components"]["schemas"][name], depth + 1)
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        fields = schema["properties"].items()
        return {name: example_of(document, field, depth + 1) for name, field in fields}
    if "items" in schema:
        return [example_of(document, schema["items"], depth + 1)]
    if "anyOf" in schema:
        return example_of(document, schema["anyOf"][0], depth + 1)
    plain = {"boolean": True, "integer": 1, "number": 1, "object": {}}
    formatted = {"date-time": "2026-11-24T12:05:00Z", "date": "2026-11-24",
                 "uuid": "0193e0f0-0000-7000-8000-000000000001"}  # fmt: skip
    return plain.get(schema.get("type", ""), formatted.get(schema.get("format", ""), ""))


def kind_of(schema: Json) -> str:
    """Say in words what a field is."""
    if name := _ref(schema):
        return name
    if "anyOf" in schema:
        return " or ".join(kind_of(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " · ".join(str(one) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    if isinstance(its := schema.get("additionalProperties"), dict):
        return f"object of {kind_of(its)}s by name"
    return FORMATS.get(schema.get("format", ""), WORDS.get(schema.get("type", ""), ""))


def _section(document: Json, path: str, method: str, operation: Json, *, address: str) -> Section:
    answers = dict(operation["responses"])
    done = answers.pop("200")["content"]["application/json"]["schema"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    scopes = operation["security"][0]["token"]
    name = operation["operationId"]
    return Section(
        name=name,
        method=method.upper(),
        path=path,
        title=operation["summary"],
        meaning=operation["description"],
        scope=scopes[0] if scopes else "",
        parameters=[_parameter(one) for one in operation["parameters"]],
        body=_ref(body.get("schema", {})),
        answer=_ref(done),
        refusals=[(status, told["description"]) for status, told in answers.items()],
        curl=_curl(name, method.upper(), address),
        example=json.dumps(example_of(document, done), indent=2),
    )


def _parameter(told: Json) -> Line:
    schema = told["schema"]
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"))
        if key in schema
    ]
    usual = [f"usually {schema['default']}"] if "default" in schema else []
    place = "in the path" if told["in"] == "path" else ""
    kind = ", ".join(filter(None, [kind_of(schema), *bounds, *usual, place]))
    return Line(name=told["name"], kind=kind, meaning=told["description"], needed=told["required"])


def _shape(name: str, schema: Json) -> Shape:
    needed = schema.get("required", ())
    lines = [
        Line(
            name=field,
            kind=kind_of(its),
            meaning=its.get("description", ""),
            ref=_ref(its) or _ref(its.get("items", {})) or _first_ref(its),
            needed=field in needed,
        )
        for field, its in schema.get("properties", {}).items()
    ]
    return Shape(name=name, meaning=schema.get("description", ""), lines=lines)


def _first_ref(schema: Json) -> str:
    return next((ref for one in schema.get("anyOf", ()) if (ref := _ref(one))), "")


def _ref(schema: Json) -> str:
    return str(schema.get("$ref", "")).removeprefix(SCHEMAS)


def _curl(name: str, method: str, address: str) -> str:
    query = urlencode(SHOWN_QUERY.get(name, {}))
    where = address.replace("{note_id}", "70011") + (f"?{query}" if query else "")
    lines = [f'curl{"" if method == "GET" else f" -X {method}"} "{where}"']
    lines.append('  -H "Authorization: Bearer $GOODSOUT_TOKEN"')
    if name in SHOWN_BODY:
        lines.append('  -H "Content-Type: application/json"')
        lines.append(f"  -d '{json.dumps(SHOWN_BODY[name])}'")
    return " \\\n".join(lines)

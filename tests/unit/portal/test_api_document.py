"""The API's document and its page, made from one operation."""

from typing import Literal, get_args

import pytest
from pydantic import Field

from services.portal.api.document import Json, document
from services.portal.api.log_shapes import State
from services.portal.api.operation import Operation
from services.portal.api.reference import example_of, kind_of, sections, shapes
from services.portal.api.shapes import Asked, Told
from services.portal.log.wanted import STATES


class Parcel(Told):
    """A parcel."""

    weight: int | None = Field(description="In grams.", examples=[250])


class Shelf(Told):
    """A shelf of parcels."""

    parcels: list[Parcel]
    sealed: bool


class ShelfQuery(Asked):
    """Which parcels."""

    state: Literal["new", "gone"] | None = Field(default=None, description="Only those.")
    limit: int = Field(default=50, ge=1, le=200, description="How many.")


class ShelfChange(Asked):
    """What is to be otherwise."""

    sealed: bool = False


def list_parcels(note_id: int) -> Shelf:
    """List what lies on a shelf.

    The heaviest first.
    """
    raise NotImplementedError(note_id)


@pytest.fixture
def written() -> Json:
    operation = Operation(
        do=list_parcels, method="PATCH", path="/shelf/<int:note_id>", scope="log:read",
        query=ShelfQuery, body=ShelfChange, answer=Shelf, refusals={404: "There is none."},
    )  # fmt: skip
    return document([operation], version="1")


def test_an_operation_is_told_by_its_functions_own_words(written: Json) -> None:
    told = written["paths"]["/shelf/{note_id}"]["patch"]

    assert (told["operationId"], told["summary"]) == ("list_parcels", "List what lies on a shelf")
    assert told["description"] == "The heaviest first."
    assert told["security"] == [{"token": ["log:read"]}]


def test_what_may_be_left_out_is_never_null_in_an_address(written: Json) -> None:
    note_id, state, limit = written["paths"]["/shelf/{note_id}"]["patch"]["parameters"]

    assert (note_id["in"], note_id["required"]) == ("path", True)
    assert state["schema"] == {"enum": ["new", "gone"], "type": "string"}
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


def test_every_refusal_is_a_problem(written: Json) -> None:
    answers = written["paths"]["/shelf/{note_id}"]["patch"]["responses"]
    problems = {status for status, told in answers.items() if "json" not in told["content"]}

    assert problems >= {"401", "403", "404", "413", "415", "422", "429", "503"}
    assert {tuple(answers[status]["content"]) for status in problems - {"200"}} == {
        ("application/problem+json",)
    }


def test_an_example_is_made_of_the_fields(written: Json) -> None:
    shelf = {"$ref": "#/components/schemas/Shelf"}

    assert example_of(written, shelf) == {"parcels": [{"weight": 250}], "sealed": True}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "array", "items": {"$ref": "#/components/schemas/Parcel"}}, "list of Parcel"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "whole number or null"),
        ({"enum": ["new", "gone"], "type": "string"}, "new · gone"),
        ({"type": "object", "additionalProperties": {"type": "integer"}},
         "object of whole numbers by name"),
        ({"type": "string", "format": "date-time"}, "time"),
    ],
)  # fmt: skip
def test_a_fields_kind_is_said_in_words(schema: Json, words: str) -> None:
    assert kind_of(schema) == words


def test_the_states_are_those_of_the_sync_log() -> None:
    assert get_args(State) == STATES


def test_the_page_has_a_call_to_copy(written: Json) -> None:
    [section] = sections(written, base="https://portal.example/")

    assert section.curl.startswith(
        'curl -X PATCH "https://portal.example/api/v1/shelf/70011" \\\n  -H "Authorization: Bearer'
    )
    assert (section.answer, section.body) == ("Shelf", "ShelfChange")


def test_the_page_has_every_shape_with_links_between_them(written: Json) -> None:
    told = {shape.name: shape.lines for shape in shapes(written)}

    assert told.keys() == {"Parcel", "Problem", "Shelf", "ShelfChange"}
    assert told["Shelf"][0].ref == "Parcel"

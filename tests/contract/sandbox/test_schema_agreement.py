"""The played schema is a part of ShipHero's real one: nothing more, nothing different."""

from importlib import resources

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from sandbox.shiphero.routes import RESOLVERS
from sandbox.shiphero.schema import FILES_2024, load_schema
from tests.contract.sandbox.playing import sample


def disagreements(played: GraphQLSchema, real: GraphQLSchema) -> list[str]:
    """List every type, field, argument and nullability that the real schema does not have."""
    found: list[str] = []
    for name, mine in played.type_map.items():
        theirs = real.type_map.get(name)
        if theirs is None or type(theirs) is not type(mine):
            found.append(f"there is no such {name}")
        elif not name.startswith("__"):
            found.extend(_in_type(mine, theirs))
    return found


def _in_type(mine: GraphQLNamedType, theirs: GraphQLNamedType) -> list[str]:
    if isinstance(mine, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        return [] if set(mine.values) == set(theirs.values) else [f"{mine.name}: other values"]
    if isinstance(mine, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
        given = {name: str(field.type) for name, field in mine.fields.items()}
        known = {name: str(field.type) for name, field in theirs.fields.items()}
        return [
            f"{mine.name}.{name}"
            for name in known.keys() | given
            if given.get(name) != known.get(name)
        ]
    if not (isinstance(mine, GraphQLObjectType) and isinstance(theirs, GraphQLObjectType)):
        return []
    found = []
    for name, field in mine.fields.items():
        real = theirs.fields.get(name)
        same = real is not None and str(real.type) == str(field.type)
        if not same or {a: str(x.type) for a, x in field.args.items()} != {
            a: str(x.type) for a, x in (real.args if real else {}).items()
        }:
            found.append(f"{mine.name}.{name}")
    return found


def test_every_type_field_argument_and_nullability_agrees_with_the_real_schema() -> None:
    real = build_schema(sample("shiphero/samples/schema.graphql"), assume_valid=True)

    assert disagreements(load_schema(RESOLVERS, is_newer=False), real) == []


def test_a_disagreement_would_be_seen() -> None:
    real = build_schema("type Query { a(x: Int): String! b: Int } enum E { X }")
    played = build_schema("type Query { a: String b: Int c: Int } enum E { Y }")

    found = disagreements(played, real)

    assert found == ["Query.a", "Query.c", "E: other values"]


def test_the_addendum_names_the_section_of_each_addition() -> None:
    text = resources.files("sandbox.shiphero").joinpath("schema", "addendum.graphql").read_text()

    assert text.count("# contract section") >= 4
    assert "addendum" not in FILES_2024

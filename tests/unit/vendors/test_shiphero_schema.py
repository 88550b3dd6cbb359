"""Every GraphQL document of ours holds against ShipHero's real schema and our addendum."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema, parse, validate

import shared.vendors.shiphero as package
from shared.vendors.shiphero import account_documents, order_documents, product_documents
from shared.vendors.shiphero.documents import Document
from shared.vendors.shiphero.new_order import (
    NewAddress,
    NewHolds,
    NewLineItem,
    NewOrder,
    NewShippingLines,
)
from tests.unit.vendors.vendor_documents import SHIPHERO, text_of

DOCUMENTS = {
    name: value
    for module in (account_documents, order_documents, product_documents)
    for name, value in vars(module).items()
    if isinstance(value, Document)
}
ADDENDUM = Path(package.__file__).with_name("addendum.graphql")


@pytest.fixture(scope="module")
def of_2024() -> GraphQLSchema:
    """Build the schema as it was copied."""
    return build_schema(text_of(SHIPHERO / "schema.graphql"))


# Calls that ShipHero did not have then; where it refuses them there is another way.
NEWER_ONLY = {"WEBHOOK_ENABLE"}


@pytest.fixture(scope="module")
def of_today() -> GraphQLSchema:
    """Build the schema with what it gained since."""
    return build_schema(text_of(SHIPHERO / "schema.graphql") + ADDENDUM.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_document_holds_against_the_schema_of_today(name: str, of_today: GraphQLSchema) -> None:
    assert validate(of_today, parse(DOCUMENTS[name].text)) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - NEWER_ONLY))
def test_a_document_or_its_older_form_holds_against_the_schema_of_2024(
    name: str, of_2024: GraphQLSchema
) -> None:
    document = DOCUMENTS[name].older or DOCUMENTS[name]

    assert validate(of_2024, parse(document.text)) == []


@pytest.mark.parametrize("name", [name for name in sorted(DOCUMENTS) if DOCUMENTS[name].older])
def test_an_older_form_is_only_kept_where_the_newer_one_would_be_refused(
    name: str, of_2024: GraphQLSchema
) -> None:
    assert validate(of_2024, parse(DOCUMENTS[name].text)) != []


@pytest.mark.parametrize(
    ("model", "input_name"),
    [
        (NewOrder, "CreateOrderInput"),
        (NewAddress, "CreateOrderAddressInput"),
        (NewShippingLines, "CreateShippingLinesInput"),
        (NewLineItem, "CreateLineItemInput"),
        (NewHolds, "HoldsInput"),
    ],
)
def test_what_we_send_are_fields_that_shiphero_takes(
    model: Any, input_name: str, of_2024: GraphQLSchema
) -> None:
    taken = of_2024.type_map[input_name]

    assert isinstance(taken, GraphQLInputObjectType)
    assert set(model.model_fields) - set(taken.fields) == set()


def test_every_field_of_the_addendum_names_its_contract_line() -> None:
    lines = [line.strip() for line in ADDENDUM.read_text(encoding="utf-8").splitlines()]
    extensions = [place for place, line in enumerate(lines) if line.startswith("extend ")]

    assert extensions
    assert all(lines[place + 1].startswith("# contract §") for place in extensions)

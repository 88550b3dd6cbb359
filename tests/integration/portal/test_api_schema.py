"""The API held against its own document: schemathesis tries every call, and nothing breaks."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.integration.portal.merchants import FERNLEAF, Merchants
from tests.integration.portal.programs import API, a_token
from tests.integration.portal.rows import NUMBERS
from tests.integration.portal.test_isolation import filled

CALLS = (
    "list_notes", "get_note", "retry_note", "list_issues", "get_corrections", "correct_note",
    "take_back_corrections", "get_configuration", "change_configuration", "get_ledger",
    "get_health",
)  # fmt: skip
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
# What fits the document and is refused all the same: ids that the account has not, a place that
# is no note's, a time of go-live that lies too far ahead, a template that calls all orders alike.
# Corrections are held against what Brightpearl says, which is not connected here.
REFUSED_BY_MEANING = (
    "change_configuration", "list_notes", "correct_note", "take_back_corrections",
)  # fmt: skip
# A number that is made up is no note's.
KNOWN = {
    (name, GenerationMode.POSITIVE): {"note_id": NUMBERS[FERNLEAF]}
    for name in ("get_note", "retry_note", "get_corrections")
}


@pytest.fixture
def schema(sqlite_merchants: Merchants) -> OpenApiSchema:
    """Give the document of a portal with rows of two merchants in it."""
    filled(sqlite_merchants)
    sqlite_merchants.app = sqlite_merchants.portal(api_calls_a_minute=1_000_000)
    return schemathesis.openapi.from_wsgi(f"{API}/openapi.json", sqlite_merchants.app)


@pytest.fixture
def headers(sqlite_merchants: Merchants) -> dict[str, str]:
    return {"Authorization": f"Bearer {a_token(sqlite_merchants)}"}


def test_every_call_of_the_document_is_tried(schema: OpenApiSchema) -> None:
    paths = schema.raw_schema["paths"].values()

    assert [one["operationId"] for path in paths for one in path.values()] == list(CALLS)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", CALLS)
def test_a_call_does_what_the_document_says(
    schema: OpenApiSchema, headers: dict[str, str], name: str, mode: GenerationMode
) -> None:
    ids = KNOWN.get((name, mode))
    cases = schema.find_operation_by_id(name).as_strategy(mode, path_parameters=ids)
    further = [negative_data_rejection]
    if name not in REFUSED_BY_MEANING:
        further.append(positive_data_acceptance)

    @settings(max_examples=20, derandomize=True, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=cases)
    def hold_against_document(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=[*CHECKS, *further])

    hold_against_document()

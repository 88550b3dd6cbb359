"""What a program sends and is sent of a note's corrections; never a value that was corrected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.portal.api.shapes import Asked, Told

Code = Literal[
    "name", "company", "line_1", "line_2", "town", "state", "postcode", "country", "phone", "email",
    "method", "packing_note",
]  # fmt: skip
FIELDS = (
    "What is sent instead of Brightpearl's own value, by field; all others go as Brightpearl has "
    "them. `country` is two letters, `method` Brightpearl's id of a shipping method that is mapped."
)


class CorrectionsWish(Asked):
    """What is to be sent otherwise than Brightpearl says, and why."""

    fields: Mapping[Code, Annotated[str, Field(max_length=1000)]] = Field(
        min_length=1, description=FIELDS, examples=[{"postcode": "LS1 4AB"}]
    )
    reason: str = Field(
        min_length=1,
        max_length=500,
        description="Kept for good and shown to everybody: put no name or address in it.",
        examples=["The customer wrote that the postcode is another one"],
    )


class CorrectedField(Told):
    """One field that is sent otherwise."""

    field: str = Field(examples=["postcode"])
    counts: bool = Field(
        description="False once Brightpearl's own value was changed: then that is sent."
    )


class CorrectionsTold(Told):
    """What was corrected of a note, by whom and why; no fields where nothing was."""

    fields: list[CorrectedField]
    reason: str = Field(examples=["The customer wrote that the postcode is another one"])
    made_by: str = Field(examples=["ann@fernleaf.example"])
    made_at: datetime | None = Field(examples=["2026-11-24T12:05:00Z"])
    erased_at: datetime | None = Field(
        description="When the values were erased, as they were old.", examples=[None]
    )


class Corrected(Told):
    """That it was kept, and what is tried now."""

    fields: list[str] = Field(description="What was corrected.", examples=[["postcode"]])
    sentences: list[str] = Field(examples=[["It is looked at anew, with what was corrected."]])


class TakenBack(Told):
    """That the note is sent as Brightpearl has it."""

    done: bool = Field(description="False where nothing was corrected.")

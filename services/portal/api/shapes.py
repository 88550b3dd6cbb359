"""What all that the API reads and writes has in common."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

GREATEST_ID: Final = 2**31 - 1  # the database's integer

Id = Annotated[int, Field(ge=1, le=GREATEST_ID)]


class Asked(BaseModel):
    """What a program sends; a field that is not known is refused, as a misspelt one would be."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(BaseModel):
    """What a program is sent."""

    model_config = ConfigDict(frozen=True)


class Nothing(Asked):
    """No parameters."""

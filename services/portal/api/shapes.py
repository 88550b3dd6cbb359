"""What all that the API reads and writes has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.db.columns import GREATEST_INTEGER

Id = Annotated[int, Field(ge=1, le=GREATEST_INTEGER)]


class Asked(BaseModel):
    """What a program sends; a field that is not known is refused, as a misspelt one would be."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(BaseModel):
    """What a program is sent."""

    model_config = ConfigDict(frozen=True)


class Nothing(Asked):
    """No parameters."""

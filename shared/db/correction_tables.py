"""What a person put right of a note on its way to ShipHero, because Brightpearl says it wrongly."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.db.columns import Json, UtcDateTime, Words

_KEPT = text("erased_at IS NULL")


class NoteCorrection(SQLModel, table=True):
    """The corrections of one note; `sealed` holds their values, encrypted, until they are erased.

    `fields` names what was corrected (codes of `shared.pushing.corrections`), `given_way` those of
    them whose value was changed in Brightpearl since: these count no more.
    """

    __tablename__ = "note_correction"
    __table_args__ = (
        Index("ix_note_correction_made", "made_at", postgresql_where=_KEPT, sqlite_where=_KEPT),
    )

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    note_id: int = Field(primary_key=True)
    sealed: str = ""
    fields: list[str] = Field(default_factory=list, sa_type=Json)
    given_way: list[str] = Field(default_factory=list, sa_type=Json)
    reason: str = Field(default="", sa_type=Words)
    made_by: str = Field(sa_type=Words)
    made_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

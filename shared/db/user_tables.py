"""The people who log in to the portal, in the shape Flask-Security asks for.

Imported by the portal and the migrations only: it brings Flask-Security along. Its mixins promise
values where a column may be empty, hence the ignored assignments.
"""

from datetime import datetime
from uuid import UUID

from flask_security import RoleMixin, UserMixin
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from shared.db.columns import Json, UtcDateTime, Words


class RoleOfUser(SQLModel, table=True):
    """Which user has which role."""

    __tablename__ = "role_of_user"

    user_id: int = Field(primary_key=True, foreign_key="portal_user.id")
    role_id: int = Field(primary_key=True, foreign_key="portal_role.id")


class Role(SQLModel, RoleMixin, table=True):
    """What a user may do: "owner", "operator" or "viewer"."""

    __tablename__ = "portal_role"
    __table_args__ = (UniqueConstraint("name", name="uq_portal_role_name"),)

    id: int | None = Field(default=None, primary_key=True)  # type: ignore[assignment]
    name: str
    description: str = ""
    permissions: str | None = None  # type: ignore[assignment]


class User(SQLModel, UserMixin, table=True):
    """A person of one account; field names are Flask-Security's."""

    __tablename__ = "portal_user"
    __table_args__ = (
        UniqueConstraint("email", name="uq_portal_user_email"),
        UniqueConstraint("fs_uniquifier", name="uq_portal_user_fs_uniquifier"),
    )

    id: int | None = Field(default=None, primary_key=True)  # type: ignore[assignment]
    account_id: UUID = Field(foreign_key="account.id")
    email: str
    password: str
    name: str = Field(default="", sa_type=Words)
    active: bool = True
    # Runs the installation: sees the area over all accounts, beside the own account's pages.
    is_staff: bool = False
    # The second factor: Flask-Security's names. The secret is encrypted by its passlib wallet.
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    mf_recovery_codes: list[str] | None = Field(default=None, sa_type=Json)
    fs_uniquifier: str
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    create_datetime: datetime | None = Field(default=None, sa_type=UtcDateTime)  # type: ignore[assignment]
    update_datetime: datetime | None = Field(default=None, sa_type=UtcDateTime)  # type: ignore[assignment]
    roles: list[Role] = Relationship(link_model=RoleOfUser)  # type: ignore[assignment]

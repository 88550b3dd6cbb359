"""What the notifier is told by its environment."""

from email.utils import parseaddr
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from services.notifier.smtp import MailServer, server_of
from shared.connecting.settings import VendorSettings
from shared.egress.settings import EgressSettings
from shared.process import ConsumerSettings


class NotifierSettings(ConsumerSettings, EgressSettings):
    """The consumer's settings."""

    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://user:password@host:587 or smtps://…; empty: no mail is sent",
    )
    mail_from: str = Field(
        default="", description="Whom mails come from, such as Goodsout <goodsout@your.domain>"
    )

    # In days, whatever TIME_SCALE says.
    retention_personal_days: int = Field(
        default=30, ge=1, description="Vendors' bodies, calls and shadow orders are erased after"
    )
    retention_journal_days: int = Field(
        default=90, ge=30, description="Settled events move to the archive after"
    )
    retention_archive_days: int = Field(
        default=730, ge=0, description="Archived events are deleted after; 0: never"
    )
    retention_reports_days: int = Field(
        default=730, ge=0, description="Reports are deleted after; 0: never"
    )
    retention_logins_days: int = Field(
        default=90, ge=14, description="Log-ins and invitations that are over are deleted after"
    )
    retention_comparisons_days: int = Field(
        default=30, ge=2, description="Summaries of comparisons are deleted after"
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_a_server(cls, given: SecretStr) -> SecretStr:
        if given.get_secret_value():
            server_of(given.get_secret_value())
        return given

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        if given and "@" not in parseaddr(given)[1]:
            raise ValueError("a sender holds an address, such as Goodsout <goodsout@your.domain>")
        return given

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if self.smtp_url.get_secret_value() and not self.mail_from:
            raise ValueError("MAIL_FROM is needed where SMTP_URL is set: whom do mails come from?")
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """Where mails are handed in; None where none is set."""
        url = self.smtp_url.get_secret_value()
        return server_of(url) if url else None


class ClockSettings(VendorSettings):
    """The clock's settings."""

    reconcile_every: float = Field(
        default=300.0, gt=0, description="Seconds between two comparisons with a vendor's own list"
    )
    webhook_check_every: float = Field(
        default=86_400.0, gt=0, description="Seconds between two looks at a vendor's webhooks"
    )
    vendor_deadline: float = Field(default=25.0, gt=0, description="Longest vendor call, seconds")

"""What the portal needs to know beside the settings that every process shares."""

from pydantic import Field, SecretStr

from shared.connecting.settings import VendorSettings
from shared.egress.settings import EgressSettings


class PortalSettings(VendorSettings, EgressSettings):
    """Sessions, passwords and cookies; the two secrets have no default, so a start names them."""

    secret_key: SecretStr = Field(
        min_length=16, description="Signs the portal's sessions; 16 characters or more"
    )
    security_password_salt: SecretStr = Field(
        min_length=16, description="Mixed into every password before hashing; never change it"
    )
    secure_cookies: bool = Field(
        default=False, description="Cookies over https only, under a __Host- name; on behind TLS"
    )
    proxies: int = Field(
        default=0, ge=0, le=9, description="How many proxies stand in front and say who asks"
    )
    demo_hint: str = Field(
        default="", description="Shown on the log-in page, such as the demo log-in; empty: nothing"
    )
    api_calls_a_minute: int = Field(
        default=300, gt=0, description="How often one API token may be used in a minute"
    )
    rabbitmq_management_url: SecretStr = Field(
        default=SecretStr(""),
        description="RabbitMQ's management with user and password, for rates; empty: no rates",
    )

"""What the operator registered with the vendors, and where vendors reach us."""

from pydantic import Field, SecretStr, field_validator

from shared.settings import Settings


class VendorSettings(Settings):
    """Our app at Brightpearl, the vendors' addresses, and ours that they call."""

    brightpearl_client_id: str = Field(
        default="", description="Our app's reference at Brightpearl; empty: private apps only"
    )
    brightpearl_client_secret: SecretStr = Field(
        default=SecretStr(""), description="The app's secret; empty for a public client"
    )
    brightpearl_dev_ref: str = Field(default="", description="Our developer reference")
    brightpearl_oauth_url: str = Field(
        default="https://oauth.brightpearl.com", description="Where consent and tokens are asked"
    )
    brightpearl_hosts: str = Field(
        default="",
        description="host:port pairs allowed beside Brightpearl's own, comma-separated; a sandbox",
    )
    shiphero_url: str = Field(
        default="https://public-api.shiphero.com", description="ShipHero's public API"
    )
    webhooks_url_brightpearl: str = Field(
        default="", description="Our order_ingest as Brightpearl reaches it; empty: none registered"
    )
    webhooks_url_shiphero: str = Field(
        default="", description="Our shipment_return as ShipHero reaches it; empty: none registered"
    )
    portal_url: str = Field(
        default="http://127.0.0.1:8000", description="The portal as people reach it"
    )

    @field_validator(
        "brightpearl_oauth_url",
        "shiphero_url",
        "webhooks_url_brightpearl",
        "webhooks_url_shiphero",
        "portal_url",
    )
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        if given and not given.startswith(("https://", "http://")):
            raise ValueError("an address begins with https:// or http://")
        return given.rstrip("/")

    @property
    def extra_brightpearl_hosts(self) -> frozenset[str]:
        """The operator's own additions to the allow-list, lower case."""
        return frozenset(
            host.strip().lower() for host in self.brightpearl_hosts.split(",") if host.strip()
        )

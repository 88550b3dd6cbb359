"""Settings of connections that a test is not about."""

from typing import Any

from shared.connecting.settings import VendorSettings


def vendor_settings(**fields: Any) -> VendorSettings:
    """Build settings with an app of our own at Brightpearl, reached at the sandbox's host."""
    given: dict[str, Any] = {
        "database_url": "sqlite://",
        "broker_url": "memory://",
        "secret_keys": "",
        "brightpearl_client_id": "goodsout-sandbox",
        "brightpearl_client_secret": "sandbox-client-secret",
        "brightpearl_dev_ref": "goodsout-dev",
        "brightpearl_oauth_url": "http://127.0.0.1:8100/oauth",
        "brightpearl_hosts": "127.0.0.1:8100",
        "shiphero_url": "http://127.0.0.1:8100",
        "portal_url": "http://127.0.0.1:8000",
    }
    return VendorSettings(**{**given, **fields})

"""A person who looks at every page about connections."""

import re

from pydantic import SecretStr

from services.portal.app import create_app
from services.portal.people.accounts import hashed, keep_user
from services.portal.settings import PortalSettings
from shared.clock import utc_now
from tests.integration.connecting.merchant import Merchant

EMAIL, PASSWORD = "ann@fernleaf.example", "tea-for-two"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """Logged in to the portal of a merchant's installation."""

    def __init__(self, merchant: Merchant) -> None:
        vendors = merchant.vendors
        settings = PortalSettings(
            database_url="sqlite://",
            broker_url="memory://",
            secret_keys=SecretStr(merchant.key),
            secret_key=SecretStr("a-long-enough-secret"),
            security_password_salt=SecretStr("a-long-enough-salt"),
            brightpearl_client_id="goodsout-sandbox",
            brightpearl_client_secret=SecretStr("sandbox-client-secret"),
            brightpearl_dev_ref="goodsout-dev",
            brightpearl_oauth_url=f"{vendors.url}/oauth",
            brightpearl_hosts=vendors.host,
            shiphero_url=vendors.url,
        )
        app = create_app(settings, merchant.engine, now=merchant.now)
        with merchant.session() as session:
            keep_user(
                session,
                account_code="demo",
                email=EMAIL,
                password_hash=hashed(app, PASSWORD),
                role="owner",
                now=utc_now(),
            )
            session.commit()
        self._client = app.test_client()
        self._send("/login", "/login", email=EMAIL, password=PASSWORD)

    def every_page(self) -> dict[str, str]:
        """Look at every page, send every form with something wrong, and give what was shown."""
        paths = (
            "/sync-log", "/connections", "/connections/live", "/connections/brightpearl",
            "/connections/shiphero", "/connections/shiphero/customer", "/connections/staff",
            "/connections/brightpearl/disconnect", "/connections/shiphero/disconnect",
            "/connections/brightpearl/callback?code=x&state=y",
        )  # fmt: skip
        seen = {path: self._client.get(path, follow_redirects=True).text for path in paths}
        wrong = {"account_code": "demo", "username": "demo@sandbox.test", "password": "wrong-again"}
        for path in (
            "/connections/brightpearl/private-app", "/connections/shiphero",
            "/connections/brightpearl/test", "/connections/shiphero/test", "/connections/staff",
            "/connections/shiphero/customer",
        ):  # fmt: skip
            seen[f"POST {path}"] = self._send("/connections", path, **wrong)
        return seen

    def _send(self, at: str, path: str, **form: str) -> str:
        found = _TOKEN.search(self._client.get(at).text)
        assert found
        given = {"csrf_token": found[1], **form}
        return self._client.post(path, data=given, follow_redirects=True).text

"""Goes through the simulated Brightpearl's OAuth as a connector does."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.settings import Settings

BACK = "https://goodsout.test/back"
CLIENT = {"client_id": Settings.client_id, "client_secret": Settings.client_secret}
WAREHOUSES = "/warehouse-service/warehouse"


@dataclass(frozen=True)
class OAuthApp:
    """One app that asks one account for consent."""

    client: FlaskClient
    account: str = "demo"

    def ask(self, **more: str) -> TestResponse:
        """Open the consent page."""
        asked = {"response_type": "code", "client_id": CLIENT["client_id"], "redirect_uri": BACK}
        path = f"/oauth/authorize/{self.account}"
        return self.client.get(path, query_string={**asked, "state": "s/1", **more})

    def code(self) -> str:
        """Have consent given and take the code."""
        location = self.ask(decision="approve").headers["Location"]
        return parse_qs(urlsplit(location).query)["code"][0]

    def token(self, host: str = "127.0.0.1:8100", **form: str) -> TestResponse:
        """Call the token address."""
        path, base = f"/oauth/token/{self.account}", f"http://{host}"
        return self.client.post(path, data={**CLIENT, **form}, base_url=base)

    def exchange(self, code: str, **more: str) -> TestResponse:
        """Turn a code into tokens."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return self.token(**{**form, **more})

    def connect(self) -> dict[str, Any]:
        """Go the whole way and give the tokens."""
        answer = self.exchange(self.code())
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body: dict[str, Any] = answer.get_json()
        return body

    def refresh(self, refresh_token: str, **more: str) -> TestResponse:
        """Turn a refresh token into tokens."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **more)

    def call(
        self, access_token: str, path: str = WAREHOUSES, host: str = "127.0.0.1:8100", **more: str
    ) -> TestResponse:
        """Read a resource; `more` are headers, an empty one is left out."""
        headers = {
            "Authorization": f"Bearer {access_token}",
            "brightpearl-app-ref": CLIENT["client_id"],
            "brightpearl-dev-ref": Settings.dev_ref,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        sent = {name: value for name, value in headers.items() if value}
        where = f"/public-api/{self.account}{path}"
        return self.client.get(where, headers=sent, base_url=f"http://{host}")

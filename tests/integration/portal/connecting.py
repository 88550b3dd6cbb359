"""What a person does on the pages that connect the vendors."""

import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.merchants import token_on


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """Send a form, with the token that the Connections page carries."""
    token = token_on(client.get("/connections"))
    return client.post(f"/connections{path}", data={"csrf_token": token, **form})


def consent_on(page: TestResponse) -> str:
    found = re.search(r'href="(http[^"]+authorize[^"]+)"', page.text)
    assert found, page.text
    return found[1].replace("&amp;", "&")


def connect_brightpearl(client: FlaskClient, vendors: Vendors) -> TestResponse:
    address = consent_on(send(client, "/brightpearl", account_code="demo"))
    back = urlsplit(vendors.approve(address))
    return client.get(f"{back.path}?{back.query}", follow_redirects=True)


def connect_shiphero(client: FlaskClient, *, password: str) -> TestResponse:
    return send(client, "/shiphero", username="demo@sandbox.test", password=password)

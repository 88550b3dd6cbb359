"""The Connections page: connecting both vendors, and who may see and change what."""

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.portal.people.accounts import hashed, keep_user
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.connecting import (
    connect_brightpearl,
    connect_shiphero,
    consent_on,
    send,
)
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    HARBOUR,
    NOON,
    PASSWORD,
    Merchants,
    log_in,
    token_on,
)


def test_before_anything_is_connected_both_are_offered(portal: Merchants) -> None:
    page = portal.viewer().get("/connections")

    assert page.text.count("Not connected") == 2
    assert "Connect Brightpearl" in page.text
    assert "Connect ShipHero" in page.text


def test_a_person_connects_both(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()

    back = connect_brightpearl(client, vendors)
    connect_shiphero(client, password="sandbox")

    page = client.get("/connections")
    assert "Brightpearl account demo is connected" in back.text
    assert page.text.count("Test connection") == 2
    assert "Not connected" not in page.text


def test_a_refusal_at_the_consent_page_changes_nothing(
    portal: Merchants,
    vendors: Vendors,
) -> None:
    client = portal.viewer()
    address = consent_on(send(client, "/brightpearl", account_code="demo"))
    back = urlsplit(vendors.approve(address, "refuse"))

    page = client.get(f"{back.path}?{back.query}", follow_redirects=True)

    assert "you did not approve it there" in page.text


def test_the_approval_of_one_merchant_is_no_use_to_another(
    portal: Merchants,
    vendors: Vendors,
) -> None:
    address = consent_on(send(portal.viewer(), "/brightpearl", account_code="demo"))
    back = urlsplit(vendors.approve(address))

    page = portal.viewer(HARBOUR).get(f"{back.path}?{back.query}")

    assert page.status_code == 400
    assert "not begun by you" in page.text


def test_a_wrong_password_is_said_and_never_shown(portal: Merchants) -> None:
    page = connect_shiphero(portal.viewer(), password="not-the-password")

    assert page.status_code == 400
    assert "did not accept this user and password" in page.text
    assert "not-the-password" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/brightpearl", "/brightpearl/private-app", "/shiphero", "/shiphero/customer", "/staff",
        "/fetch", "/brightpearl/test", "/shiphero/test", "/brightpearl/disconnect",
        "/shiphero/disconnect",
    ],
)  # fmt: skip
def test_no_form_is_taken_without_its_token(portal: Merchants, path: str) -> None:
    page = portal.viewer().post(f"/connections{path}")

    assert page.status_code == 400
    assert "open for too long" in page.text


def test_one_who_may_only_look_changes_nothing(portal: Merchants) -> None:
    make_viewer(portal)
    client = portal.visitor()
    log_in(client, "eve@fernleaf.example")

    page = client.get("/connections")

    assert page.status_code == 200
    assert "Connect Brightpearl" not in page.text
    assert send_anyhow(client, page, "/shiphero").status_code == 403
    assert client.get("/connections/brightpearl").status_code == 403
    assert client.get("/connections/staff").status_code == 403


def make_viewer(portal: Merchants) -> None:
    with portal.open_session() as session:
        keep_user(
            session,
            account_code="fernleaf",
            email="eve@fernleaf.example",
            password_hash=hashed(portal.app, PASSWORD),
            role="viewer",
            now=NOON,
        )
        session.commit()


def send_anyhow(client: FlaskClient, page: TestResponse, path: str) -> TestResponse:
    return client.post(f"/connections{path}", data={"csrf_token": token_on(page)})


def test_nobody_gets_in_without_a_log_in(portal: Merchants) -> None:
    for path in ("", "/live", "/brightpearl", "/shiphero", "/brightpearl/callback?code=x&state=y"):
        assert portal.visitor().get(f"/connections{path}").status_code == 302


def test_disconnecting_is_asked_about_first(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)

    question = client.get("/connections/brightpearl/disconnect")
    done = send(client, "/brightpearl/disconnect")

    assert "Disconnect Brightpearl account demo?" in question.text
    assert done.status_code == 302
    assert f"Disconnected by {EMAILS[FERNLEAF]}" in client.get("/connections").text


def test_testing_tells_part_by_part(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)

    page = send(client, "/brightpearl/test")

    assert "Brightpearl: everything answers" in page.text


def test_staff_is_searched_and_chosen(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)
    found = re.findall(r'name="contact" value="(\d+)"', client.get("/connections/staff").text)

    send(client, "/staff", contact=found[0])
    wrong = send(client, "/staff", contact="9" * 30)

    assert wrong.status_code == 400
    assert f"({found[0]})" in client.get("/connections").text


def test_a_vendor_that_is_none_has_no_page(portal: Merchants) -> None:
    assert portal.viewer().get("/connections/amazon/disconnect").status_code == 404


def test_a_silent_vendor_is_told_in_a_sentence(portal: Merchants) -> None:
    portal.app = portal.portal(shiphero_url="http://127.0.0.1:1", brightpearl_client_id="")

    page = connect_shiphero(portal.viewer(), password="sandbox")

    assert page.status_code == 503
    assert "nothing was changed. Please try again in a minute" in page.text

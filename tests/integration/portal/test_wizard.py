"""A new merchant is led from Brightpearl to ShipHero to the dashboard, and resumed on the way."""

from urllib.parse import urlsplit

from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.configured import colleague, trail
from tests.integration.portal.connecting import (
    connect_brightpearl,
    connect_shiphero,
    consent_on,
    send,
)
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, Merchants

ANN = EMAILS[FERNLEAF]


def test_each_step_leads_to_the_next(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()

    first = client.get("/", follow_redirects=True)
    consent = send(client, "/brightpearl", account_code="demo")
    back = urlsplit(vendors.approve(consent_on(consent)))
    second = client.get(f"{back.path}?{back.query}", follow_redirects=True)
    third = client.post(
        "/connections/shiphero",
        data={
            "csrf_token": second.text.split('name="csrf_token" value="')[1].split('"')[0],
            "username": "demo@sandbox.test",
            "password": "sandbox",
        },
        follow_redirects=True,
    )

    assert (first.request.path, second.request.path) == (
        "/connections/brightpearl",
        "/connections/shiphero",
    )
    assert 'aria-current="step"' in consent.text
    assert "Brightpearl account demo is connected" in second.text
    assert third.request.path == "/connect"
    assert "Go to the dashboard" in third.text
    assert [entry[:3] for entry in trail(portal)] == [
        (ANN, "connected", "Brightpearl account demo"),
        (ANN, "connected", "ShipHero"),
    ]


def test_one_who_left_half_way_goes_on_there(portal: Merchants, vendors: Vendors) -> None:
    connect_brightpearl(portal.viewer(), vendors)

    page = portal.viewer().get("/", follow_redirects=True)

    assert page.request.path == "/connections/shiphero"
    assert "Connect Brightpearl</a><span" in page.text
    assert "ShipHero" in page.text


def test_a_refused_step_stays_where_it_is(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)

    page = connect_shiphero(client, password="wrong")

    assert page.status_code == 400
    assert 'class="setup-here" aria-current="step"' in page.text


def test_afterwards_the_connections_page_is_the_place(portal: Merchants, vendors: Vendors) -> None:
    client = portal.viewer()
    connect_brightpearl(client, vendors)
    connect_shiphero(client, password="sandbox")

    send(client, "/shiphero/disconnect")
    page = client.get("/connections/shiphero")
    again = connect_shiphero(client, password="sandbox")

    assert 'class="setup"' not in page.text
    assert again.location == "/connections"
    assert client.get("/").location == "/dashboard"
    assert [entry[1:4] for entry in trail(portal)][2:] == [
        ("disconnected", "ShipHero", ""),
        ("connected", "ShipHero", ""),
    ]


def test_one_who_may_only_look_is_not_led(sqlite_merchants: Merchants) -> None:
    viewer = colleague(sqlite_merchants, "viewer")

    assert viewer.get("/").location == "/dashboard"
    assert viewer.get("/connect").location == "/connections"
    assert sqlite_merchants.viewer(HARBOUR).get("/connect").location == "/connections/brightpearl"

"""A notice's whole way to a webhook and a chat: from the portal's button to the receivers."""

import re
from collections.abc import Mapping
from typing import Any

import requests
from sqlmodel import select

from deploy.embedded.demo import EMAIL, PASSWORD
from deploy.embedded.demo_destinations import NAMES
from deploy.embedded.smoke import reading
from shared.db.destination_tables import Destination
from shared.destinations import SLACK, WEBHOOK
from tests.end_to_end.room import Room
from tests.waiting import until

WITHIN = 30.0
A_TEST = "This is a test from Goodsout"


def test_a_test_arrives_signed_and_its_page_says_so(own_room: Room) -> None:
    owner, rows = logged_in(own_room), destinations(own_room)
    for way in NAMES:
        press(owner, own_room, f"/destinations/{rows[way].id}/test")

    came = until(lambda: all_came(own_room), within=WITHIN, what="both notices")
    rows = until(lambda: all_told(own_room), within=WITHIN, what="both outcomes")

    page = owner.get(f"{portal(own_room)}/destinations/{rows[WEBHOOK].id}", timeout=10).text
    assert came[WEBHOOK]["verdict"] == "good"
    assert came[WEBHOOK]["says"][0] == A_TEST
    assert came[SLACK]["says"][0] == f"*{A_TEST}*"
    assert "took it with 200" in page


def logged_in(room: Room) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{portal(room)}/login", timeout=10)
    form = {"csrf_token": token_on(page.text), "email": EMAIL, "password": PASSWORD}
    session.post(f"{portal(room)}/login", data=form, timeout=10)
    return session


def press(owner: requests.Session, room: Room, path: str) -> None:
    page = owner.get(f"{portal(room)}/destinations", timeout=10)
    answer = owner.post(
        f"{portal(room)}{path}", data={"csrf_token": token_on(page.text)}, timeout=10
    )
    assert answer.status_code == 200, answer.text


def portal(room: Room) -> str:
    return f"http://127.0.0.1:{room.run.ports.portal}"


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def destinations(room: Room) -> Mapping[str, Destination]:
    with reading(room.run.environment) as session:
        return {row.way: row for row in session.exec(select(Destination))}


def all_came(room: Room) -> Mapping[str, Any]:
    """Give the tests by where they came; the first fetch is told there too."""
    came = {
        one["name"]: one
        for one in room.run.control("received")
        if any(A_TEST in line for line in one["says"])
    }
    return came if came.keys() >= NAMES.keys() else {}


def all_told(room: Room) -> Mapping[str, Destination]:
    rows = destinations(room)
    told = [row.told_at is not None and row.told_well for row in rows.values()]
    return rows if all(told) else {}

"""A merchant whose warehouse is a 3PL: one of its customers is chosen, and acted for since."""

import re

import requests

from deploy.embedded.demo import EMAIL, PASSWORD
from sandbox.seed import ACCOUNT
from sandbox.shiphero.ids import global_id
from sandbox.shiphero.seed import CUSTOMERS, THREE_PL_USERNAME
from sandbox.shiphero.seed import PASSWORD as THREE_PL_PASSWORD
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.waiting import until

DAVENTRY = global_id("Warehouse", 80_761)


class Visitor:
    """A merchant's person at the portal."""

    def __init__(self, room: Room) -> None:
        self._url = f"http://127.0.0.1:{room.run.ports.portal}"
        self._browser = requests.Session()
        self.send("/login", email=EMAIL, password=PASSWORD)

    def send(self, path: str, **fields: str) -> str:
        """Open a page and send its form."""
        page = self._browser.get(f"{self._url}{path}", timeout=10).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None, page
        sent = {"csrf_token": token.group(1), **fields}
        answer = self._browser.post(f"{self._url}{path}", data=sent, timeout=20)
        assert answer.ok, answer.text
        return answer.text


def test_nothing_goes_to_a_3pl_before_its_customer_is_chosen(own_room: Room) -> None:
    room = own_room
    room.choose(create_products=True)  # whatever the note takes: the customer sells a part only
    visitor, customer = Visitor(room), CUSTOMERS[0]
    visitor.send("/connections/shiphero", username=THREE_PL_USERNAME, password=THREE_PL_PASSWORD)
    note_id = room.made(lines=1)
    room.wait(note_id, order_stage="held", order_reason_code="connection_broken")
    before = room.run.control("shiphero-orders")

    visitor.send("/connections/shiphero/customer", customer=global_id("Account", customer))
    until(
        lambda: "saved" in room.goodsout("map", "warehouse", ACCOUNT, "2", DAVENTRY),
        within=WITHIN,
        what="the 3PL's warehouse mapped",
    )

    def is_there() -> bool:
        # The note may be in hand just now, by the mapping of before; then it is retried after.
        room.goodsout("retry", ACCOUNT, str(note_id))
        return bool(room.keys(note_id))

    until(is_there, within=WITHIN, what="the customer's order")
    theirs = room.run.control(f"shiphero/accounts/{customer}/counts")
    assert before == []
    assert f"GO-demo-{note_id}" in theirs["orders_by_partner_order_id"]

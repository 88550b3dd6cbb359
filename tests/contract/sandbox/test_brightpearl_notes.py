"""The sandbox's goods-out notes against contract sections 6 and 7."""

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import NOTE, BrightpearlCaller

ANY_ORDER = "/warehouse-service/order/*/goods-note/goods-out"


def test_a_note_stands_under_its_id_and_not_with_it_inside(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    note = brightpearl.note(note_id)

    assert "id" not in note
    assert note["sequence"] == 1
    assert note["events"][0]["eventCode"] == "PLA"


def test_times_carry_the_accounts_own_offset(brightpearl: BrightpearlCaller, note_id: int) -> None:
    note = brightpearl.note(note_id)

    assert note["createdOn"] == "2026-07-01T11:00:00.000+01:00"


def test_two_notes_of_an_order_share_its_rows_without_doubling(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    made = client.post("/control/sales-orders", json={"notes": 2, "lines": 1}).get_json()["orders"][
        0
    ]

    notes = [brightpearl.note(number) for number in made["noteIds"]]
    order = brightpearl.call("GET", f"/order-service/order/{made['orderId']}").get_json()

    [(row_id, _), *_rest] = notes[0]["orderRows"].items()
    shared = sum(line["quantity"] for note in notes for line in note["orderRows"][row_id])
    ordered = order["response"][0]["orderRows"][row_id]["quantity"]["magnitude"]
    assert [note["sequence"] for note in notes] == [1, 2]
    assert ordered == f"{shared}.0000"


def test_missing_ids_are_skipped_in_silence(brightpearl: BrightpearlCaller, note_id: int) -> None:
    answer = brightpearl.call("GET", f"{ANY_ORDER}/{note_id},{note_id + 900}")

    assert list(answer.get_json()["response"]) == [str(note_id)]


def test_no_note_at_all_is_an_empty_list(brightpearl: BrightpearlCaller) -> None:
    answer = brightpearl.call("GET", f"{ANY_ORDER}/999999")

    assert (answer.status_code, answer.get_json()) == (200, {"response": []})


def test_no_note_at_all_can_be_played_as_404(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/switches", json={"all_missing_notes": "not_found"})

    answer = brightpearl.call("GET", f"{ANY_ORDER}/999999")

    assert answer.status_code == 404
    assert answer.get_json()["errors"][0]["code"] == "CMNC-404"


def test_a_bundles_parent_and_the_postage_are_on_no_note(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    made = client.post("/control/sales-orders", json={"lines": 1, "bundle": True}).get_json()[
        "orders"
    ][0]

    note = brightpearl.note(made["noteIds"][0])
    order = brightpearl.call("GET", f"/order-service/order/{made['orderId']}").get_json()[
        "response"
    ][0]

    parents = {
        row for row, each in order["orderRows"].items() if each["composition"]["bundleParent"]
    }
    free_text = {row for row, each in order["orderRows"].items() if "productSku" not in each}
    assert len(parents) == len(free_text) == 1
    assert not (parents | free_text) & set(note["orderRows"])


def test_a_transfer_has_a_list_of_rows_and_no_order(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    number = client.post("/control/transfers").get_json()["noteId"]

    note = brightpearl.note(number)

    assert (note["orderId"], note["transfer"]) == (0, True)
    assert isinstance(note["transferRows"], list)
    assert not {"orderRows", "sequence"} & set(note)


def test_put_keeps_what_it_does_not_name(brightpearl: BrightpearlCaller, note_id: int) -> None:
    brightpearl.call("PUT", f"{NOTE}/{note_id}", {"priority": True, "shipping": {"boxes": 2}})

    answer = brightpearl.call("PUT", f"{NOTE}/{note_id}", {"shipping": {"reference": "AB1GB"}})

    note = brightpearl.note(note_id)
    assert answer.get_json() == {}
    assert (note["priority"], note["shipping"]["boxes"]) == (True, 2)
    assert note["shipping"]["reference"] == "AB1GB"


def test_put_without_priority_can_be_played_as_a_reset(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    client.post("/control/switches", json={"put_without_priority": "reset"})
    brightpearl.call("PUT", f"{NOTE}/{note_id}", {"priority": True})

    brightpearl.call("PUT", f"{NOTE}/{note_id}", {"shipping": {"boxes": 1}})

    assert brightpearl.note(note_id)["priority"] is False


@pytest.mark.parametrize(("way", "status", "kept"), [("refuse", 400, ""), ("cut", 200, "X" * 64)])
def test_a_reference_past_64_characters_is_refused_or_cut(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    note_id: int,
    way: str,
    status: int,
    kept: str,
) -> None:
    client.post("/control/switches", json={"long_reference": way})

    answer = brightpearl.call("PUT", f"{NOTE}/{note_id}", {"shipping": {"reference": "X" * 70}})

    assert answer.status_code == status
    assert brightpearl.note(note_id)["shipping"]["reference"] == kept


def test_shipping_brings_the_missing_steps_with_it(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    answer = brightpearl.take_step(note_id, "SHW")

    note = brightpearl.note(note_id)
    assert answer.get_json() == {}
    assert [e["eventCode"] for e in note["events"]] == ["PLA", "SHW", "PRI", "PIC", "PAC"]
    assert note["status"]["shippedOn"] == "2026-07-01T10:30:00.000+01:00"


def test_a_shipped_note_takes_no_details(brightpearl: BrightpearlCaller, note_id: int) -> None:
    brightpearl.take_step(note_id, "SHW")

    answer = brightpearl.call("PUT", f"{NOTE}/{note_id}", {"shipping": {"reference": "LATE"}})

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["message"].endswith("it has been shipped.")


@pytest.mark.parametrize(
    ("way", "status", "code"),
    [
        ("409", 409, "SBOX-000"),
        ("WHSB-061", 400, "WHSB-061"),
        ("has_been_shipped", 400, "SBOX-000"),
    ],
)
def test_shipping_twice_is_refused_as_the_switch_says(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    note_id: int,
    way: str,
    status: int,
    code: str,
) -> None:
    client.post("/control/switches", json={"repeated_event": way})
    brightpearl.take_step(note_id, "SHW")

    answer = brightpearl.take_step(note_id, "SHW")

    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (status, code)


@pytest.mark.parametrize(("way", "status"), [("412", 412), ("409", 409), ("ignored", 200)])
def test_a_wrong_if_match_is_answered_as_the_switch_says(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int, way: str, status: int
) -> None:
    client.post("/control/switches", json={"if_match_mismatch": way})

    answer = brightpearl.take_step(note_id, "PRI", If_Match="1")

    assert answer.status_code == status


def test_the_right_if_match_is_taken(brightpearl: BrightpearlCaller, note_id: int) -> None:
    version = brightpearl.note(note_id)["lastEventVersion"]

    answer = brightpearl.take_step(note_id, "PRI", If_Match=str(version))

    assert answer.status_code == 200
    assert brightpearl.note(note_id)["lastEventVersion"] > version


def test_each_missing_field_of_an_event_is_named(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    answer = brightpearl.call("POST", f"{NOTE}/{note_id}/event", {"events": [{"eventCode": "SHW"}]})

    assert answer.status_code == 400
    assert len(answer.get_json()["errors"]) == 2


def test_an_unknown_note_is_refused_in_the_vendors_words(brightpearl: BrightpearlCaller) -> None:
    answer = brightpearl.take_step(999999, "SHW")

    assert answer.status_code == 404
    message = answer.get_json()["errors"][0]["message"]
    assert message == "You have provided an invalid goods-out note Id: 999999"


def test_a_printed_note_is_deleted_only_after_the_reversal(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    order_id = brightpearl.note(note_id)["orderId"]
    path = f"/warehouse-service/order/{order_id}/goods-note/goods-out/{note_id}"
    brightpearl.take_step(note_id, "PRI")

    refused = brightpearl.call("DELETE", path)
    brightpearl.take_step(note_id, "UPR")
    done = brightpearl.call("DELETE", path)

    assert refused.status_code == 400
    assert done.get_json() == {"response": note_id}


def test_a_note_can_be_made_again_for_what_is_left(
    brightpearl: BrightpearlCaller, note_id: int
) -> None:
    order_id = brightpearl.note(note_id)["orderId"]
    rows = brightpearl.note(note_id)["orderRows"]
    brightpearl.call(
        "DELETE", f"/warehouse-service/order/{order_id}/goods-note/goods-out/{note_id}"
    )
    products = [
        {"productId": line["productId"], "salesOrderRowId": int(row), "quantity": line["quantity"]}
        for row, lines in rows.items()
        for line in lines
    ]
    body = {"warehouses": [{"warehouseId": 2, "products": products}], "shippingMethodId": 5}

    made = brightpearl.call(
        "POST", f"/warehouse-service/order/{order_id}/goods-note/goods-out", body
    )

    assert brightpearl.note(made.get_json()["response"][0])["sequence"] == 2

"""What ShipHero's webhooks say, the newer and the older way, and when they say little."""

from typing import Any

from shared.vendors.shiphero.webhook_bodies import Announcement, ShipmentUpdate


def _update(**more: Any) -> ShipmentUpdate:
    fulfillment = {"order_uuid": "O1", "partner_order_id": "GO-1", "tracking_number": "OLD"}
    return ShipmentUpdate.model_validate({"fulfillment": fulfillment, **more})


def test_packages_are_believed_before_the_older_fields() -> None:
    update = _update(packages=[{"tracking_number": "A"}, {"tracking_number": "B"}, {"name": "x"}])

    assert update.tracking_numbers == ("A", "B")


def test_packages_inside_the_fulfillment_are_believed_too() -> None:
    inside = {"packages": [{"shipping_label": {"tracking_number": "C"}}]}

    assert ShipmentUpdate.model_validate({"fulfillment": inside}).tracking_numbers == ("C",)


def test_without_packages_the_older_field_counts() -> None:
    assert _update().tracking_numbers == ("OLD",)


def test_packages_of_an_unknown_shape_do_no_harm() -> None:
    update = _update(packages={"a": 1}, total_packages=None)

    assert update.tracking_numbers == ("OLD",)
    assert update.fulfillment.order_uuid == "O1"


def test_an_empty_body_reads_as_nothing_said() -> None:
    assert Announcement.model_validate({}).webhook_type == ""
    assert ShipmentUpdate.model_validate({}).tracking_numbers == ()


def test_a_key_that_comes_as_a_number_is_text_for_us() -> None:
    assert Announcement.model_validate({"partner_order_id": 501}).partner_order_id == "501"

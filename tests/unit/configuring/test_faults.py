"""What cannot be saved, and the sentence that says what to do instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.accounts import MAPPED, Method, Warehouse
from shared.configuring.change import (
    LEFT_OUT,
    NOT_DECIDED,
    EventOwner,
    MethodChoice,
    SettingsChange,
    WarehouseChoice,
)
from shared.configuring.faults import Known, Unfit, refuse_faults
from tests.unit.core.notebook import NOON, settings

KNOWN = Known(
    settings=settings(
        warehouses={2: Warehouse(name="Main", decision=MAPPED, shiphero_id="W-1")},
        methods={5: Method(name="Standard 48h", title="Standard")},
    ),
    shiphero_warehouses={"W-1": "Primary", "W-2": "North"},
    now=NOON,
)


def faults(**fields: Any) -> dict[str, str]:
    """Give what is wrong, by field."""
    with pytest.raises(Unfit) as refused:
        refuse_faults(SettingsChange(**fields), KNOWN)
    return dict(refused.value.faults)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("order_number_template", "{ref}", "{ref} is not known; there are {reference}"),
        ("order_number_template", "{channel}", "calls all orders alike"),
        ("order_number_template", "{reference", "has no partner"),
        ("release_policy", "later", "choose hold or keep_back"),
        ("shipped_when", "never", "choose complete or first"),
        ("channel_as", "shop", "choose shop_name or tag"),
        ("packing_note_field", "packing note", "begins with PCF_"),
        ("packing_note_field", "PCF_", "begins with PCF_"),
        ("gift_note_field", "PCF_GIFT NOTE", "begins with PCF_"),
        ("hold_minutes", -1, "give 0 for none, up to 1440"),
        ("hold_minutes", 1441, "give 0 for none, up to 1440"),
        ("brightpearl_share", 0, "give 1 to 100"),
        ("shiphero_share", 101, "give 1 to 100"),
        ("go_live_at", datetime(206, 3, 2, tzinfo=UTC), "in the year 206"),
        ("go_live_at", NOON + timedelta(days=400), "more than a year ahead"),
        ("go_live_at", NOON.replace(tzinfo=None), "has no time zone"),
        ("cut_off", "3 pm", "write it as 07:00, up to 23:59"),
        ("report_at", "24:00", "write it as 07:00, up to 23:59"),
        ("event_owner", EventOwner(contact_id=0, name="Nobody"), "0 is no contact"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(field: str, value: object, said: str) -> None:
    found = faults(**{field: value})

    assert found.keys() == {field}
    assert said in found[field]


@pytest.mark.parametrize(
    ("warehouse_id", "choice", "said"),
    [
        (3, LEFT_OUT, "Brightpearl warehouse 3 is not known; there are 2 (Main)"),
        (2, WarehouseChoice.to("W-9"), "W-9 is not known; there are W-1 (Primary), W-2 (North)"),
        (2, WarehouseChoice.to(""), "ShipHero warehouse (none) is not known"),
        (2, WarehouseChoice(decision="gone"), "choose mapped or not_sent or undecided"),
        (2, WarehouseChoice(decision="not_sent", shiphero_id="W-1"), "choose one of both"),
    ],
)
def test_a_warehouse_goes_only_where_there_is_one(
    warehouse_id: int, choice: WarehouseChoice, said: str
) -> None:
    found = faults(warehouses={warehouse_id: choice})

    assert said in found[f"warehouses.{warehouse_id}"]


@pytest.mark.parametrize(
    ("method_id", "choice", "said"),
    [
        (6, MethodChoice(title="Fast"), "shipping method 6 is not known; there are 5 (Standard"),
        (5, MethodChoice(carrier="ups"), "needs a title"),
        (5, MethodChoice(title=" "), "needs a title"),
        (5, MethodChoice(title="x" * 129), "at most 128 characters"),
        (5, MethodChoice(title="Fast\ner"), "one line each"),
    ],
)
def test_a_method_is_told_in_words_shiphero_can_match(
    method_id: int, choice: MethodChoice, said: str
) -> None:
    found = faults(methods={method_id: choice})

    assert said in found[f"methods.{method_id}"]


def test_every_wrong_field_has_its_own_sentence() -> None:
    found = faults(shipped_when="x", brightpearl_share=500, warehouses={9: LEFT_OUT})

    assert found.keys() == {"shipped_when", "brightpearl_share", "warehouses.9"}


def test_a_list_that_was_never_fetched_has_to_be_fetched_first() -> None:
    nothing = Known(settings=settings(), shiphero_warehouses={}, now=NOON)
    change = SettingsChange(warehouses={2: WarehouseChoice.to("W-1")})

    with pytest.raises(Unfit, match="none was fetched yet; have the list fetched first"):
        refuse_faults(change, nothing)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"go_live_at": None},
        {"go_live_at": NOON + timedelta(days=365)},
        {"event_owner": None},
        {"report_at": "23:59", "report_quiet_days": False},
        {"brightpearl_share": None},
        {"hold_minutes": 1440},
        {"cut_off": ""},
        {"cut_off": "15:00"},
        {"packing_note_field": "", "gift_note_field": "PCF_GIFT_2"},
        {"order_number_template": "{channel} {order_id}/{sequence}"},
        {"warehouses": {2: NOT_DECIDED}},
        {"warehouses": {2: WarehouseChoice.to("W-2")}},
        {"methods": {5: MethodChoice()}},
    ],
)
def test_what_can_be_meant_may_be_saved(fields: dict[str, Any]) -> None:
    refuse_faults(SettingsChange(**fields), KNOWN)


def test_what_is_not_given_is_not_judged() -> None:
    odd = Known(
        settings=settings(order_number_template="{gone}", shipped_when="x"),
        shiphero_warehouses={},
        now=NOON,
    )

    refuse_faults(SettingsChange(order_sync_on=True), odd)


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError):
        SettingsChange.model_validate({"order_sync": True})

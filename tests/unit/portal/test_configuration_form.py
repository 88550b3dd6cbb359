"""What a person types on the page Sync configuration, read back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.portal.configuration.form import altered, texts_of, to_change, typed
from shared.accounts import MAPPED, AccountSettings, Method, Warehouse
from shared.configuring.change import LEFT_OUT, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.faults import Unfit
from shared.db.account_tables import Account

ZONE = "Europe/London"
# A moment that a field of minutes cannot show whole.
GO_LIVE = datetime(2026, 7, 1, 8, 0, 30, tzinfo=UTC)
ACCOUNT = Account(
    id=UUID(int=1), code="acme", name="Acme", created_at=GO_LIVE, time_zone=ZONE,
    go_live_at=GO_LIVE, shiphero_share=40,
)  # fmt: skip
SETTINGS = AccountSettings(
    id=ACCOUNT.id,
    code="acme",
    version=1,
    order_sync_on=False,
    shipment_sync_on=False,
    go_live_at=GO_LIVE,
    event_owner_contact_id=None,
    warehouses={
        2: Warehouse(name="Leeds", decision=MAPPED, shiphero_id="W-1"),
        3: Warehouse(name="York", decision="undecided"),
    },
    methods={5: Method(name="Royal Mail", title="Royal", carrier="rm", method="24")},
)
TEXTS = texts_of(ACCOUNT, SETTINGS)


def read(**fields: str) -> SettingsChange:
    """Read a form in which these fields were typed and all others left alone."""
    form = {name: [text] for name, text in {**TEXTS, **named(fields)}.items()}
    return to_change(TEXTS, altered(TEXTS, typed(form, TEXTS)), zone=ZONE)


def named(fields: dict[str, str]) -> dict[str, str]:
    """Give the fields' own names: a mapping's has hyphens."""
    return {
        name.replace("_", "-") if name.startswith(("warehouse", "method")) else name: text
        for name, text in fields.items()
    }


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    assert read().model_fields_set == set()


def test_the_moment_is_shown_in_the_accounts_zone() -> None:
    assert TEXTS["go_live_at"] == "2026-07-01T09:00"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"order_sync_on": "on"}, {"order_sync_on": True}),
        ({"batch_writes": "off"}, {"batch_writes": False}),
        ({"go_live_at": ""}, {"go_live_at": None}),
        ({"go_live_at": "2026-11-24T09:00"}, {"go_live_at": datetime(2026, 11, 24, 9, tzinfo=UTC)}),
        ({"go_live_at": "2026-07-01T12:00"}, {"go_live_at": datetime(2026, 7, 1, 11, tzinfo=UTC)}),
        ({"order_number_template": " {order_id} "}, {"order_number_template": "{order_id}"}),
        ({"shiphero_share": ""}, {"shiphero_share": None}),
        ({"brightpearl_share": "40 %"}, {"brightpearl_share": 40}),
        ({"hold_minutes": "15"}, {"hold_minutes": 15}),
        ({"gift_note_field": "PCF_GIFT"}, {"gift_note_field": "PCF_GIFT"}),
        ({"warehouse_2": "not_sent"}, {"warehouses": {2: LEFT_OUT}}),
        ({"warehouse_3": "to:W-9"}, {"warehouses": {3: WarehouseChoice.to("W-9")}}),
        (
            {"method_5_carrier": "dpd"},
            {"methods": {5: MethodChoice(title="Royal", carrier="dpd", method="24")}},
        ),
    ],
)
def test_only_what_was_typed_is_a_change(fields: dict[str, str], expected: dict[str, Any]) -> None:
    change = read(**fields)

    assert {name: getattr(change, name) for name in change.model_fields_set} == expected


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("order_sync_on", "perhaps", "choose on or off"),
        ("go_live_at", "tomorrow", "write it as 2026-11-24T09:00, in the time of Europe/London"),
        ("go_live_at", "2026-13-24T09:00", "is no date and time"),
        ("go_live_at", "2026-11-24T09:00+05:00", "is no date and time"),
        ("go_live_at", "2026-03-29T01:30", "the clocks of Europe/London go forward"),
        ("hold_minutes", "", "is a whole number of minutes: give 0 for none"),
        ("hold_minutes", "a quarter", "is a whole number of minutes"),
        ("brightpearl_share", "half", "is a whole percentage: give 1 to 100, or nothing"),
        ("brightpearl_share", "-5", "is a whole percentage"),
        ("shiphero_share", "٤٠", "is a whole percentage"),
        ("shiphero_share", "9" * 50, "is a whole percentage"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_field(field: str, text: str, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        read(**{field: text})

    assert refused.value.faults.keys() == {field}
    assert said in refused.value.faults[field]


def test_times_at_both_ends_of_the_calendar_are_refused() -> None:
    with pytest.raises(Unfit, match="outside of all calendars"):
        to_change(TEXTS, {"go_live_at": "0001-01-01T00:00"}, zone="Asia/Tokyo")


def test_of_a_switch_the_box_speaks_after_the_hidden_field() -> None:
    form = {"order_sync_on": ["off", "on"], "made_up": ["x"]}

    assert typed(form, TEXTS) == {"order_sync_on": "on"}


def test_a_mapping_that_there_is_not_is_not_read() -> None:
    form = {"warehouse-99": ["not_sent"], "method-99999999999999999999-title": ["x"]}

    assert typed(form, TEXTS) == {}

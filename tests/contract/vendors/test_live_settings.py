"""What the live suite needs of its environment, and what it never does without it."""

import pytest

from tests.contract.vendors.live_run import credentials
from tests.contract.vendors.live_settings import PREFIX, LiveSettings, read_live_settings
from tests.contract.vendors.live_sides import LiveSides
from tests.contract.vendors.sandbox_process import Pair, Sandbox
from tests.contract.vendors.sides import Use

SHIPHERO = {"VENDOR": "shiphero", "SHIPHERO_REFRESH_TOKEN": "a"}
BRIGHTPEARL = {
    "VENDOR": "brightpearl",
    "BRIGHTPEARL_ACCOUNT": "demo",
    "BRIGHTPEARL_DATA_CENTRE": "euw1",
    "BRIGHTPEARL_APP_REF": "demo_goodsout",
    "BRIGHTPEARL_STAFF_TOKEN": "a",
}


def _read(monkeypatch: pytest.MonkeyPatch, **variables: object) -> LiveSettings:
    for name in LiveSettings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(f"{PREFIX}{name}", str(value))
    return read_live_settings()


def test_one_vendor_may_be_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, **SHIPHERO).vendors == {"shiphero"}
    assert _read(monkeypatch, **BRIGHTPEARL).vendors == {"brightpearl"}


def test_nothing_is_written_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _read(monkeypatch, **SHIPHERO).writes


def test_to_write_at_shiphero_an_address_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.UsageError, match=r"^Set GOODSOUT_CONTRACT_SHIPHERO_HOOK_URL \("):
        _read(monkeypatch, **SHIPHERO, WRITES="1")


def test_a_host_that_is_nobodys_gets_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {**BRIGHTPEARL, "BRIGHTPEARL_DATA_CENTRE": "127.0.0.1:8100"}

    with pytest.raises(pytest.UsageError, match="no token is sent elsewhere"):
        _read(monkeypatch, **given)

    assert _read(monkeypatch, **given, BRIGHTPEARL_HOSTS="127.0.0.1:8100")


@pytest.mark.parametrize("name", ["WRITES", "VENDOR", "BRIGHTPEARL_NOTES"])
def test_a_variable_that_cannot_be_read_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(pytest.UsageError) as caught:
        _read(monkeypatch, **{name: "sikrit"})

    assert f"{PREFIX}{name} cannot be read" in str(caught.value)
    assert "sikrit" not in str(caught.value)


def test_credentials_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {**BRIGHTPEARL, "BRIGHTPEARL_STAFF_TOKEN": "sikrit"}

    assert "sikrit" not in repr(_read(monkeypatch, **given))


@pytest.mark.parametrize(
    ("named", "use"), [("", Use.WRITTEN), ("", Use.SHIPPED), ("7001", Use.SHIPPED)]
)
def test_a_note_that_was_not_named_is_neither_written_to_nor_shipped(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, pair: Pair, named: str, use: Use
) -> None:
    given = {**credentials(sandbox, pair), "BRIGHTPEARL_NOTES": named}
    live = LiveSides(_read(monkeypatch, **given)).brightpearl()

    with pytest.raises(pytest.skip.Exception, match="name more open goods-out notes"):
        live.open_note(use)


def test_without_an_open_note_it_says_what_to_make(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, pair: Pair
) -> None:
    live = LiveSides(_read(monkeypatch, **credentials(sandbox, pair))).brightpearl()

    with pytest.raises(pytest.fail.Exception, match="make a sales order with one there"):
        live.open_note(Use.READ)

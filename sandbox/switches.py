"""What may be changed while the sandbox runs: pace, budgets, and how it plays what is unknown."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sandbox.brightpearl.switches import BrightpearlSwitches
from sandbox.receiver_switches import ReceiverSwitches
from sandbox.shiphero.switches import ShipHeroSwitches
from sandbox.store import Store
from sandbox.turnable import described, switch


class UnknownSwitch(ValueError):  # noqa: N818 - its name is the sentence
    """Someone set a switch that does not exist, or to something it cannot be."""


@dataclass(frozen=True)
class PaceSwitches:
    """How the world goes on by itself."""

    ship_after: float | None = switch(
        None, "The warehouse ships by itself after so many seconds; null is never", ""
    )
    order_every: float | None = switch(
        None, "A sales order appears in demo every so many seconds; null is never", ""
    )


@dataclass(frozen=True)
class Switches(ReceiverSwitches, ShipHeroSwitches, BrightpearlSwitches, PaceSwitches):
    """All switches with their defaults. Seconds are of the played world unless said otherwise."""


# Walked by the README's test and by the control page.
GROUPS: tuple[tuple[str, type], ...] = (
    ("Pace", PaceSwitches),
    ("Brightpearl", BrightpearlSwitches),
    ("ShipHero", ShipHeroSwitches),
    ("Receivers", ReceiverSwitches),
)
CHOICES = {each.name: each.choices for each in described(Switches) if each.choices}
PER_ACCOUNT = frozenset(each.name for each in described(BrightpearlSwitches))
_DEFAULTS = asdict(Switches())


class SwitchBoard:
    """Holds the switches as they stand and keeps every turn."""

    def __init__(self, store: Store, defaults: Switches) -> None:
        self._store = store
        self._defaults = defaults
        self._now = defaults
        self._of: dict[str, Switches] = {}
        self.reload()

    @property
    def now(self) -> Switches:
        """The switches as they stand for everyone."""
        return self._now

    def of(self, account: str) -> Switches:
        """Give the switches as they stand for one Brightpearl account."""
        found = self._of.get(account)
        if found is None:
            found = self._of[account] = replace(self._now, **self.own(account))
        return found

    def own(self, account: str) -> dict[str, Any]:
        """Give what was turned for one account alone."""
        return self._known(self._store.get("switches", f"of {account}"))

    def reload(self) -> None:
        """Take the kept turns, after a start or a reset."""
        turned = self._known(self._store.get("switches", "all"))
        self._now = replace(self._defaults, **turned)
        self._of.clear()

    def turn(self, wanted: dict[str, Any]) -> Switches:
        """Set some switches for everyone and leave the others."""
        self._keep("all", {name: _checked(name, value) for name, value in wanted.items()})
        return self._now

    def turn_for(self, account: str, wanted: dict[str, Any]) -> Switches:
        """Set some of Brightpearl's switches for one account."""
        for name in wanted:
            if name in _DEFAULTS and name not in PER_ACCOUNT:
                raise UnknownSwitch(f"Switch {name!r} can only be turned for all accounts.")
        self._keep(f"of {account}", {name: _checked(name, value) for name, value in wanted.items()})
        return self.of(account)

    def forget(self, account: str) -> None:
        """Let an account's switches stand as everyone's again."""
        with self._store.change() as change:
            change.delete("switches", f"of {account}")
        self._of.pop(account, None)

    def _keep(self, key: str, checked: dict[str, Any]) -> None:
        with self._store.change() as change:
            change.put("switches", key, {**(change.get("switches", key) or {}), **checked})
        self.reload()

    def _known(self, kept: dict[str, Any] | None) -> dict[str, Any]:
        names = {field.name for field in fields(Switches)}
        return {name: value for name, value in (kept or {}).items() if name in names}


def _checked(name: str, value: Any) -> Any:
    if name not in _DEFAULTS:
        raise UnknownSwitch(f"There is no switch {name!r}.")
    if name in CHOICES and value not in CHOICES[name]:
        raise UnknownSwitch(f"Switch {name!r} can be one of {CHOICES[name]}, not {value!r}.")
    default = _DEFAULTS[name]
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise UnknownSwitch(f"Switch {name!r} is true or false, not {value!r}.")
    elif default is None or isinstance(default, int | float):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number and not (default is None and value is None):
            raise UnknownSwitch(f"Switch {name!r} is a number, not {value!r}.")
    return value

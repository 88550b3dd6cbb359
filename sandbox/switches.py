"""What may be changed while the sandbox runs: pace, budgets, and how it plays what is unknown."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sandbox.store import Store


class UnknownSwitch(ValueError):  # noqa: N818 - its name is the sentence
    """Someone set a switch that does not exist, or to something it cannot be."""


@dataclass(frozen=True)
class Switches:
    """All switches with their defaults. Seconds are of the played world unless said otherwise."""

    # Pace
    ship_after: float | None = None  # the warehouse ships by itself after so long; None: never
    order_every: float | None = None  # a sales order appears so often; None: never
    brightpearl_latency: float = 0.0
    shiphero_latency: float = 0.0

    # Brightpearl's budget (contract section 4), in real seconds
    throttle_limit: int = 200
    throttle_window: float = 60.0
    throttle_status: int = 503  # 429 is handled by some clients but not documented

    # Brightpearl, where the contract (section 17) knows no answer
    all_missing_notes: str = "empty_list"  # empty_list | empty_map | not_found
    unknown_note: int = 404  # 404 | 400
    repeated_event: str = "409"  # 409 | WHSB-061 | has_been_shipped
    if_match_mismatch: str = "412"  # 412 | 409 | ignored
    long_reference: str = "refuse"  # refuse | cut
    put_without_priority: str = "keep"  # keep | reset
    put_without_field: str = "keep"  # keep | clear
    delete_needs_reversal: bool = True
    event_owner: str = "any"  # any | contact | staff
    enforce_additional_information: bool = False
    utc_offset_as: str = "Z"  # Z | +00:00
    unknown_filter: str = "refuse"  # refuse | ignore
    uri_limit: int = 4096
    order_updated_with_note: bool = False

    # ShipHero's budget (contract section 3), in real seconds
    credits_max: int = 4004
    credits_per_second: float = 60.0
    mutation_cost: int = 0  # on top of 1 and one a node

    # ShipHero, where the contract (section 12) knows no answer
    schema_2024: bool = False  # refuse what is newer than the schema of 2024-09-05
    refuse_reused_line_ids: bool = False
    unknown_sku: str = "line_without_product"  # line_without_product | error
    index_lag: float = 0.0  # lists show a new order only after so long
    index_lag_hides_order: bool = False  # order(id) hides it too
    order_number_match: str = "exact"  # exact | contains
    webhook_retries: int = 5
    webhook_head_check: bool = True  # seen in three clients, not in the documents
    empty_tracking_number: bool = False  # labels carry "" as their number
    validation_status: int = 200  # HTTP status of GraphQL validation errors: 200 | 400
    cancel_shipped: str = "refuse"  # refuse | allow


CHOICES: dict[str, tuple[object, ...]] = {
    "throttle_status": (503, 429),
    "all_missing_notes": ("empty_list", "empty_map", "not_found"),
    "unknown_note": (404, 400),
    "repeated_event": ("409", "WHSB-061", "has_been_shipped"),
    "if_match_mismatch": ("412", "409", "ignored"),
    "long_reference": ("refuse", "cut"),
    "put_without_priority": ("keep", "reset"),
    "put_without_field": ("keep", "clear"),
    "event_owner": ("any", "contact", "staff"),
    "utc_offset_as": ("Z", "+00:00"),
    "unknown_filter": ("refuse", "ignore"),
    "unknown_sku": ("line_without_product", "error"),
    "order_number_match": ("exact", "contains"),
    "validation_status": (200, 400),
    "cancel_shipped": ("refuse", "allow"),
}


class SwitchBoard:
    """Holds the switches as they stand and keeps every turn."""

    def __init__(self, store: Store, defaults: Switches) -> None:
        self._store = store
        self._defaults = defaults
        self._now = defaults
        self.reload()

    @property
    def now(self) -> Switches:
        """The switches as they stand."""
        return self._now

    def reload(self) -> None:
        """Take the kept turns, after a start or a reset."""
        kept = self._store.get("switches", "all") or {}
        known = {field.name for field in fields(Switches)}
        turned = {name: value for name, value in kept.items() if name in known}
        self._now = replace(self._defaults, **turned)

    def turn(self, wanted: dict[str, Any]) -> Switches:
        """Set some switches and leave the others."""
        checked = {
            name: _checked(name, value, asdict(Switches())) for name, value in wanted.items()
        }
        kept = {**(self._store.get("switches", "all") or {}), **checked}
        with self._store.change() as change:
            change.put("switches", "all", kept)
        self._now = replace(self._now, **checked)
        return self._now


def _checked(name: str, value: Any, defaults: dict[str, Any]) -> Any:
    if name not in defaults:
        raise UnknownSwitch(f"There is no switch {name!r}.")
    if name in CHOICES and value not in CHOICES[name]:
        raise UnknownSwitch(f"Switch {name!r} can be one of {CHOICES[name]}, not {value!r}.")
    default = defaults[name]
    if isinstance(default, bool) and not isinstance(value, bool):
        raise UnknownSwitch(f"Switch {name!r} is true or false, not {value!r}.")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if (default is None and value is not None and not number) or (
        isinstance(default, float) and not number
    ):
        raise UnknownSwitch(f"Switch {name!r} is a number of seconds, not {value!r}.")
    return value

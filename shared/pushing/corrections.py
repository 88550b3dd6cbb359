"""What a person put right of a note on the way, laid over what Brightpearl says of it; pure.

A correction stands for its field until Brightpearl's own value of that very field changes: then
somebody has seen to it where it belongs, and Brightpearl's word counts again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.accounts import AccountSettings
from shared.pushing.addresses import country_code
from shared.pushing.transform import PACKING_NOTE_BY_HAND
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import Party, SalesOrder

NAME, COMPANY = "name", "company"
LINE_1, LINE_2, TOWN, STATE = "line_1", "line_2", "town", "state"
POSTCODE, COUNTRY = "postcode", "country"
PHONE, EMAIL = "phone", "email"
METHOD, PACKING_NOTE = "method", "packing_note"

# In the order in which people read an address. Lines 3 and 4 are town and state (contract §8).
OF_ADDRESS: Final[Mapping[str, str]] = {
    NAME: "address_full_name",
    COMPANY: "company_name",
    LINE_1: "address_line1",
    LINE_2: "address_line2",
    TOWN: "address_line3",
    STATE: "address_line4",
    POSTCODE: "postal_code",
    COUNTRY: "country_iso_code",
    PHONE: "telephone",
    EMAIL: "email",
}
FIELDS: Final = (*OF_ADDRESS, METHOD, PACKING_NOTE)
LABELS: Final[Mapping[str, str]] = {
    NAME: "Name",
    COMPANY: "Company",
    LINE_1: "Address line 1",
    LINE_2: "Address line 2",
    TOWN: "Town",
    STATE: "State or county",
    POSTCODE: "Postcode",
    COUNTRY: "Country",
    PHONE: "Telephone",
    EMAIL: "E-mail",
    METHOD: "Shipping method",
    PACKING_NOTE: "Packing note",
}


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What is sent for a field, and what Brightpearl said of it when it was corrected."""

    value: str
    was: str


Corrections = Mapping[str, Correction]


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A note with its sales order as they are sent, and what of the corrections stood.

    `given_way` are fields whose value was changed in Brightpearl since they were corrected.
    """

    note: GoodsOutNote
    order: SalesOrder | None
    standing: tuple[str, ...] = ()
    given_way: tuple[str, ...] = field(default=())


def named(fields: Iterable[str]) -> str:
    """Name fields for people, in their order."""
    codes = set(fields)
    return ", ".join(LABELS[code] for code in FIELDS if code in codes)


def laid_over(
    note: GoodsOutNote,
    order: SalesOrder | None,
    corrections: Corrections,
    settings: AccountSettings,
) -> Corrected:
    """Lay what stands of the corrections over what was read, before it is judged or transformed.

    Of a sales order that was not read nothing is known, so nothing of it is corrected either.
    """
    own = own_values(note, order, settings)
    known = {name: one for name, one in corrections.items() if name in own}
    standing = {name: one.value for name, one in known.items() if own[name] == one.was}
    return Corrected(
        note=_note_with(note, standing),
        order=_order_with(order, standing) if order is not None else None,
        standing=tuple(name for name in FIELDS if name in standing),
        given_way=tuple(name for name in FIELDS if name in known.keys() - standing.keys()),
    )


def own_values(
    note: GoodsOutNote, order: SalesOrder | None, settings: AccountSettings
) -> dict[str, str]:
    """Give what Brightpearl itself says of each field; of a missing sales order nothing."""
    own = {METHOD: str(note.shipping.shipping_method_id or "")}
    if order is None:
        return own
    party = order.parties.delivery
    own |= {name: str(getattr(party, attribute)) for name, attribute in OF_ADDRESS.items()}
    # What counts as the country and the telephone where Brightpearl has several fields for them.
    own[COUNTRY] = country_code(party)
    own[PHONE] = party.telephone.strip() or party.mobile_telephone
    field_name = settings.packing_note_field
    own[PACKING_NOTE] = order.custom_fields.get(field_name, "") if field_name else ""
    return {name: value.strip() for name, value in own.items()}


def _note_with(note: GoodsOutNote, values: Mapping[str, str]) -> GoodsOutNote:
    method = values.get(METHOD, "")
    if not method.isdecimal():
        return note
    shipping = note.shipping.model_copy(update={"shipping_method_id": int(method)})
    return note.model_copy(update={"shipping": shipping})


def _order_with(order: SalesOrder, values: Mapping[str, str]) -> SalesOrder:
    delivery = _party_with(order.parties.delivery, values)
    update: dict[str, Any] = {"parties": order.parties.model_copy(update={"delivery": delivery})}
    if PACKING_NOTE in values:
        by_hand = {PACKING_NOTE_BY_HAND: values[PACKING_NOTE]}
        update["custom_fields"] = {**order.custom_fields, **by_hand}
    return order.model_copy(update=update)


def _party_with(party: Party, values: Mapping[str, str]) -> Party:
    update = {OF_ADDRESS[name]: value for name, value in values.items() if name in OF_ADDRESS}
    if COUNTRY in values:
        update |= {"country": values[COUNTRY], "country_iso_code3": ""}
    return party.model_copy(update=update)

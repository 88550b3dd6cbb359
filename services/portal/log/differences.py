"""A note and its ShipHero order compared field by field, by what the fields mean; pure.

Letters' case, spaces and punctuation, a ZIP+4 and the way in which a country or state is written
make no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from services.portal.log.meanings import alike, country_of, same_place, same_postcode
from shared.accounts import AccountSettings
from shared.db.note_tables import OrderLink
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import Party, SalesOrder
from shared.vendors.shiphero.models import OrderAddress, ShipHeroOrder

HIDDEN: Final = "hidden by ShipHero"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field on both sides; `differs` says that they mean different things."""

    group: str
    label: str
    brightpearl: str
    shiphero: str
    differs: bool = False
    is_personal: bool = False


def compare(
    note: GoodsOutNote,
    order: SalesOrder | None,
    shiphero: ShipHeroOrder | None,
    *,
    link: OrderLink | None,
    settings: AccountSettings,
) -> Sequence[Field]:
    """Compare whatever of both was read; where one side is missing nothing differs."""
    fields = [*_of_order(note, order, shiphero, link), *_of_shipping(note, shiphero, settings)]
    if order is not None:
        fields += _of_address(order, shiphero.shipping_address if shiphero else None)
    return fields


def _of_order(
    note: GoodsOutNote,
    order: SalesOrder | None,
    shiphero: ShipHeroOrder | None,
    link: OrderLink | None,
) -> Iterator[Field]:
    sent = link.order_number if link else ""
    there = shiphero.order_number if shiphero else ""
    yield Field(
        group="Order",
        label="Number",
        brightpearl=_both(order.reference if order else "", sent),
        shiphero=there,
        differs=bool(sent and there) and sent != there,
    )
    yield Field(
        group="Order",
        label="Standing",
        brightpearl="shipped" if note.shipped else "open",
        shiphero=shiphero.fulfillment_status if shiphero else "",
        differs=shiphero is not None and _stand_apart(note, shiphero),
    )
    if order is not None:
        total, currency = order.total_value.total, order.currency.order_currency_code
        yield Field(
            group="Order",
            label="Order total",
            brightpearl=_money(total, currency),
            shiphero=_money(shiphero.total_price, shiphero.currency) if shiphero else "",
            differs=shiphero is not None and _other_money(shiphero, total, currency),
        )
    yield Field(
        group="Order",
        label="Priority",
        brightpearl=_yes(note.priority),
        shiphero=_yes(shiphero.priority_flag) if shiphero else "",
        differs=shiphero is not None and note.priority != shiphero.priority_flag,
    )


def _of_shipping(
    note: GoodsOutNote, shiphero: ShipHeroOrder | None, settings: AccountSettings
) -> Iterator[Field]:
    method = settings.methods.get(note.shipping.shipping_method_id)
    wanted = (
        " / ".join(filter(None, (method.title, method.carrier, method.method))) if method else ""
    )
    lines = shiphero.shipping_lines if shiphero else None
    there = " / ".join(filter(None, (lines.title, lines.carrier, lines.method))) if lines else ""
    yield Field(
        group="Shipping",
        label="Method",
        brightpearl=_both(method.name if method else "none", wanted),
        shiphero=there,
        differs=bool(wanted and there) and not alike(wanted, there),
    )
    held = shiphero.hold_until_date if shiphero else None
    yield Field(
        group="Shipping",
        label="Release date",
        brightpearl=_time(note.release_date),
        shiphero=_time(held),
        differs=bool(note.release_date and held and note.release_date != held),
    )
    told = ", ".join(_trackings(shiphero)) if shiphero else ""
    reference = note.shipping.reference
    yield Field(
        group="Shipping",
        label="Tracking",
        brightpearl=reference,
        shiphero=told,
        # Brightpearl holds 64 characters; whichever it has must be ShipHero's.
        differs=bool(reference and told)
        and not any(one in reference for one in _trackings(shiphero)),
    )


def _of_address(order: SalesOrder, there: OrderAddress | None) -> Iterator[Field]:
    party = order.parties.delivery
    buyer = order.parties.customer
    is_hidden = there is not None and not any(there.model_dump().values())

    def field(label: str, ours: str, theirs: str, *, same: bool | None = None) -> Field:
        is_same = alike(ours, theirs) if same is None else same
        return Field(
            group="Delivery address",
            label=label,
            brightpearl=ours,
            shiphero=HIDDEN if is_hidden else theirs,
            differs=there is not None and not is_hidden and not is_same,
            is_personal=label != "Country",
        )

    told = there or OrderAddress()
    country = country_of(party.country_iso_code or party.country_iso_code3 or party.country)
    yield field("Name", party.address_full_name, f"{told.first_name} {told.last_name}".strip(". "),
                same=_same_name(party, buyer, told))  # fmt: skip
    yield field("Company", party.company_name, told.company)
    yield field("Street", _both(party.address_line1, party.address_line2),
                _both(told.address1, told.address2))  # fmt: skip
    yield field("City", party.address_line3, told.city)
    yield field("State", party.address_line4, told.state,
                same=same_place(party.address_line4, told.state, country=country))  # fmt: skip
    yield field("Postcode", party.postal_code, told.zip,
                same=same_postcode(party.postal_code, told.zip))  # fmt: skip
    yield field("Country", party.country or country, told.country,
                same=country == country_of(told.country))  # fmt: skip
    yield field("Telephone", party.telephone or party.mobile_telephone, told.phone,
                same=_same_phone(party, buyer, told.phone))  # fmt: skip


def _same_name(party: Party, buyer: Party, told: OrderAddress) -> bool:
    there = f"{told.first_name} {told.last_name}"
    stand_ins = (party.address_full_name, party.company_name, buyer.address_full_name,
                 buyer.company_name)  # fmt: skip
    return alike(next(filter(None, stand_ins), ""), there)


def _same_phone(party: Party, buyer: Party, there: str) -> bool:
    stand_ins = (party.telephone, party.mobile_telephone, buyer.telephone, buyer.mobile_telephone)
    return alike(next(filter(None, stand_ins), ""), there)


def _stand_apart(note: GoodsOutNote, shiphero: ShipHeroOrder) -> bool:
    return shiphero.canceled or (note.shipped and not shiphero.shipments) or (
        shiphero.fulfilled and not note.shipped
    )  # fmt: skip


def _other_money(shiphero: ShipHeroOrder, total: Decimal, currency: str) -> bool:
    if shiphero.total_price is None:
        return False
    other_currency = bool(shiphero.currency and currency) and not alike(shiphero.currency, currency)
    return other_currency or shiphero.total_price != round(total, 2)


def _trackings(shiphero: ShipHeroOrder | None) -> list[str]:
    shipments = shiphero.shipments if shiphero else ()
    labels = (label for shipment in shipments for label in shipment.shipping_labels)
    return [label.tracking_number for label in labels if label.tracking_number]


def _both(one: str, other: str) -> str:
    return one if not other or other == one else " · ".join(filter(None, (one, other)))


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{amount:,.2f} {currency}".strip()


def _yes(flag: bool) -> str:  # noqa: FBT001 - a value to write, no switch
    return "yes" if flag else "no"


def _time(moment: datetime | None) -> str:
    return f"{moment:%d %b %Y %H:%M %Z}".strip() if moment else ""

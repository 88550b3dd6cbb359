"""A note, what was sent of it and its ShipHero order, field by field, by what they mean; pure.

Letters' case, spaces and punctuation, a ZIP+4 and the way in which a country or state is written
make no difference.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from services.portal.log.meanings import alike, country_of, same_place, same_postcode
from services.portal.log.sent import Sent
from shared.accounts import AccountSettings
from shared.db.note_tables import OrderLink
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import Party, SalesOrder
from shared.vendors.shiphero.models import OrderAddress, ShipHeroOrder

HIDDEN: Final = "hidden by ShipHero"

Same = Callable[[str, str], bool]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field at Brightpearl, as it was sent, and at ShipHero; "" where it is not known there.

    `differs` says that the two vendors mean different things, `sent_differs` that what was sent
    means something else than what is there now.
    """

    group: str
    label: str
    brightpearl: str
    sent: str = ""
    shiphero: str
    differs: bool = False
    sent_differs: bool = False
    is_personal: bool = False
    # A person has it sent otherwise than Brightpearl says.
    is_corrected: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether anything about it differs."""
        return self.differs or self.sent_differs


def compare(
    note: GoodsOutNote,
    order: SalesOrder | None,
    shiphero: ShipHeroOrder | None,
    *,
    link: OrderLink | None,
    settings: AccountSettings,
    sent: Sent | None = None,
) -> Sequence[Field]:
    """Compare whatever was read; where one side is missing nothing differs."""
    told = sent or Sent()
    fields = [
        *_of_order(note, order, shiphero, link, told),
        *_of_shipping(note, shiphero, settings, told),
    ]
    if order is not None:
        fields += _of_address(order, shiphero.shipping_address if shiphero else None, told)
    return fields


def otherwise(one: str, other: str, same: Same = alike) -> bool:
    """Say whether two values that are both known mean different things."""
    return bool(one and other) and not same(one, other)


def same_amount(one: str, other: str) -> bool:
    """Say whether two written amounts, perhaps with their currency, are the same."""
    (first, _, its), (second, _, others) = one.partition(" "), other.partition(" ")
    try:
        equal = round(Decimal(first.replace(",", "")), 2) == round(
            Decimal(second.replace(",", "")), 2
        )
    except InvalidOperation:
        return alike(one, other)
    return equal and (not (its and others) or alike(its, others))


def _of_order(
    note: GoodsOutNote,
    order: SalesOrder | None,
    shiphero: ShipHeroOrder | None,
    link: OrderLink | None,
    told: Sent,
) -> Iterator[Field]:
    number = told.of_order("order_number") or (link.order_number if link else "")
    there = shiphero.order_number if shiphero else ""
    yield Field(
        group="Order", label="Number", brightpearl=order.reference if order else "",
        sent=number, shiphero=there, sent_differs=bool(number and there) and number != there,
    )  # fmt: skip
    yield Field(
        group="Order", label="Standing", brightpearl="shipped" if note.shipped else "open",
        shiphero=shiphero.fulfillment_status if shiphero else "",
        differs=shiphero is not None and _stand_apart(note, shiphero),
    )  # fmt: skip
    if order is not None:
        total, currency = order.total_value.total, order.currency.order_currency_code
        ours, theirs = money_of(total, currency), ""
        if shiphero and shiphero.total_price is not None:
            theirs = money_of(shiphero.total_price, shiphero.currency)
        asked = _amount(told.of_order("total_price"), told.of_order("currency"))
        yield Field(
            group="Order", label="Order total", brightpearl=ours, sent=asked, shiphero=theirs,
            differs=otherwise(ours, theirs, same_amount),
            sent_differs=otherwise(asked, theirs, same_amount),
        )  # fmt: skip
    asked = told.of_order("priority_flag")
    theirs = _yes(shiphero.priority_flag) if shiphero else ""
    yield Field(
        group="Order", label="Priority", brightpearl=_yes(note.priority), sent=asked,
        shiphero=theirs, differs=bool(theirs) and _yes(note.priority) != theirs,
        sent_differs=otherwise(asked, theirs),
    )  # fmt: skip


def _of_shipping(
    note: GoodsOutNote, shiphero: ShipHeroOrder | None, settings: AccountSettings, told: Sent
) -> Iterator[Field]:
    method = settings.methods.get(note.shipping.shipping_method_id)
    wanted = _joined(method.title, method.carrier, method.method) if method else ""
    asked = _joined(*(told.of_order("shipping_lines", one) for one in LINE_FIELDS))
    lines = shiphero.shipping_lines if shiphero else None
    there = _joined(lines.title, lines.carrier, lines.method) if lines else ""
    name = method.name if method else "none"
    yield Field(
        group="Shipping", label="Method",
        brightpearl=f"{name}, sent as {wanted}" if wanted and wanted != name else name,
        sent=asked, shiphero=there, differs=otherwise(wanted, there),
        sent_differs=otherwise(asked, there),
    )  # fmt: skip
    held = shiphero.hold_until_date if shiphero else None
    release, hold = note.release_date, told.of_order("hold_until_date")
    yield Field(
        group="Shipping", label="Release date", brightpearl=time_of(release), sent=hold,
        shiphero=time_of(held), differs=bool(release and held and release != held),
    )  # fmt: skip


LINE_FIELDS: Final = ("title", "carrier", "method")


def _of_address(order: SalesOrder, there: OrderAddress | None, told: Sent) -> Iterator[Field]:
    party, buyer = order.parties.delivery, order.parties.customer
    is_hidden = there is not None and not any(there.model_dump().values())
    country = country_of(party.country_iso_code or party.country_iso_code3 or party.country)

    def asked(*names: str) -> str:
        return " ".join(filter(None, (told.of_order("shipping_address", one) for one in names)))

    def in_country(one: str, other: str) -> bool:
        return same_place(one, other, country=country)

    def field(
        label: str, ours: str, sent: str, theirs: str, same: Same = alike, *, meant: str = ""
    ) -> Field:
        """Make a row; `meant` is what stands in for `ours` where the order has none itself."""
        is_known = there is not None and not is_hidden
        return Field(
            group="Delivery address",
            label=label,
            brightpearl=ours,
            sent=sent,
            shiphero=HIDDEN if is_hidden else theirs,
            differs=is_known and not same(meant or ours, theirs),
            sent_differs=is_known and bool(told.order) and not same(sent, theirs),
            is_personal=label != "Country",
        )

    here = there or OrderAddress()
    name = f"{here.first_name} {here.last_name}".strip(". ")
    yield field("Name", party.address_full_name, asked("first_name", "last_name").strip(". "),
                name, meant=_name(party, buyer))  # fmt: skip
    yield field("Company", party.company_name, asked("company"), here.company)
    yield field("Street", _both(party.address_line1, party.address_line2),
                _both(asked("address1"), asked("address2")),
                _both(here.address1, here.address2))  # fmt: skip
    yield field("City", party.address_line3, asked("city"), here.city)
    yield field("State", party.address_line4, asked("state"), here.state, in_country)
    yield field("Postcode", party.postal_code, asked("zip"), here.zip,
                same_postcode)  # fmt: skip
    yield field("Country", party.country or country, asked("country"), here.country,
                _same_country, meant=country)  # fmt: skip
    yield field("Telephone", party.telephone or party.mobile_telephone, asked("phone"), here.phone,
                meant=_phone(party, buyer))  # fmt: skip


def _same_country(one: str, other: str) -> bool:
    return country_of(one) == country_of(other)


def _name(party: Party, buyer: Party) -> str:
    stand_ins = (party.address_full_name, party.company_name, buyer.address_full_name,
                 buyer.company_name)  # fmt: skip
    return next(filter(None, stand_ins), "")


def _phone(party: Party, buyer: Party) -> str:
    stand_ins = (party.telephone, party.mobile_telephone, buyer.telephone, buyer.mobile_telephone)
    return next(filter(None, stand_ins), "")


def _stand_apart(note: GoodsOutNote, shiphero: ShipHeroOrder) -> bool:
    return shiphero.canceled or (note.shipped and not shiphero.shipments) or (
        shiphero.fulfilled and not note.shipped
    )  # fmt: skip


def _both(one: str, other: str) -> str:
    return one if not other or other == one else " · ".join(filter(None, (one, other)))


def _joined(*parts: str | None) -> str:
    return " / ".join(filter(None, parts))


def _amount(written: str, currency: str) -> str:
    try:
        return money_of(Decimal(written), currency) if written else ""
    except InvalidOperation:
        return written


def money_of(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency."""
    return f"{amount:,.2f} {currency}".strip()


def _yes(flag: bool) -> str:  # noqa: FBT001 - a value to write, no switch
    return "yes" if flag else "no"


def time_of(moment: datetime | None) -> str:
    """Write a moment in its own zone; "" for none."""
    return f"{moment:%d %b %Y %H:%M %Z}".strip() if moment else ""

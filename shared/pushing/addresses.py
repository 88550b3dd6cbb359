"""Brightpearl's addresses in ShipHero's fields: whole, or refused before a parcel goes astray."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pycountry

from shared.errors import Permanent
from shared.vendors.brightpearl.order_models import Party, SalesOrder
from shared.vendors.shiphero.new_order import NewAddress

# The lengths that clients in use cut to; ShipHero documents none (contract §6).
NAME, COMPANY, LINE, ZIP = 64, 128, 255, 32
# Where a state is part of every address, and carriers want its code.
WITH_STATES = frozenset({"US", "CA", "AU"})
NO_NAME = "."  # what clients send for a missing last name (contract §6)
CUT = "..."


def to_shipping_address(order: SalesOrder) -> NewAddress:
    """Say where the parcel goes. Raises Permanent where a label could not be made of it.

    The buyer's name and telephone stand in for the recipient's where there are none.
    """
    for fault in address_faults(order):
        raise fault
    return _to_address(order.parties.delivery, instead=order.parties.customer)


def address_faults(order: SalesOrder) -> Iterator[Permanent]:
    """Name all that keeps the delivery address from becoming a label."""
    party = order.parties.delivery
    if not _streets(party):
        yield Permanent(
            f"Sales order {order.id} has no delivery street; enter the address in Brightpearl, "
            "then retry.",
            code="address_missing",
        )
    if not country_code(party):
        yield Permanent(
            f"Sales order {order.id} has no delivery country; choose it in Brightpearl, then "
            "retry.",
            code="country_missing",
        )
    # ShipHero might cut it: half a street or postcode leads elsewhere.
    if too_long := _too_long(party):
        yield Permanent(
            f"The delivery address of sales order {order.id} has a line that is too long for "
            f"ShipHero ({len(too_long[0])} characters); shorten it in Brightpearl, then retry.",
            code="address_too_long",
        )


def to_billing_address(order: SalesOrder) -> NewAddress | None:
    """Say who pays; None where there is no such address. Nothing is sent there, so none is refused.

    What is too long ends in "...".
    """
    party = order.parties.billing
    return _to_address(party, instead=party) if _streets(party) and country_code(party) else None


def order_email(order: SalesOrder) -> str | None:
    """Give who is told of the parcel: the recipient, else the buyer, else who pays."""
    parties = order.parties
    return _first(parties.delivery.email, parties.customer.email, parties.billing.email)


def country_code(party: Party) -> str:
    """Give the two letters of ISO 3166, found by the three where they are missing; "" for none."""
    two = party.country_iso_code.strip().upper()
    if len(two) == 2:  # noqa: PLR2004 - the two letters
        return two
    three = party.country_iso_code3.strip().upper() or two
    return _two_letters().get(three, "")


def state_code(state: str, country: str) -> str | None:
    """Give a state's code where addresses have states; None where it is not known."""
    if country not in WITH_STATES or not state:
        return None
    codes = _state_codes(country)
    return state.upper() if state.upper() in codes.values() else codes.get(state.casefold())


@cache
def _two_letters() -> Mapping[str, str]:
    return {one.alpha_3: one.alpha_2 for one in pycountry.countries}


@cache
def _state_codes(country: str) -> Mapping[str, str]:
    return {
        one.name.casefold(): one.code.partition("-")[2]
        for one in pycountry.subdivisions
        if one.country_code == country
    }


def _to_address(party: Party, *, instead: Party) -> NewAddress:
    # Brightpearl's lines 3 and 4 are city and state (contract §8).
    streets, country = _streets(party), country_code(party)
    state = _tidy(party.address_line4)
    first, last = _names(party, instead)
    return NewAddress(
        first_name=fitting(first, NAME),
        last_name=fitting(last, NAME),
        company=fitting(_tidy(party.company_name), COMPANY) or None,
        address1=fitting(streets[0], LINE),
        address2=fitting(streets[1], LINE) if len(streets) > 1 else None,
        city=fitting(_tidy(party.address_line3), LINE) or None,
        state=fitting(state, LINE) or None,
        state_code=state_code(state, country),
        zip=fitting(_tidy(party.postal_code), ZIP) or None,
        country=country,
        country_code=country,
        email=_first(party.email),
        phone=_first(
            party.telephone,
            party.mobile_telephone,
            instead.telephone,
            instead.mobile_telephone,
        ),
    )


def _too_long(party: Party) -> list[str]:
    lines = (party.address_line1, party.address_line2, party.address_line3, party.address_line4)
    too_long = [text for text in map(_tidy, lines) if len(text) > LINE]
    return too_long + [text for text in (_tidy(party.postal_code),) if len(text) > ZIP]


def _streets(party: Party) -> list[str]:
    return [line for line in map(_tidy, (party.address_line1, party.address_line2)) if line]


def _names(party: Party, instead: Party) -> tuple[str, str]:
    """Split a full name; ShipHero wants a last name too (contract §6)."""
    full = _first(
        party.address_full_name,
        party.company_name,
        instead.address_full_name,
        instead.company_name,
    )
    first, _, last = (full or "").rpartition(" ")
    return (first, last) if first else (last or NO_NAME, NO_NAME)


def fitting(text: str, longest: int) -> str:
    """Give `text`, or as much of it as fits with "..." to show that there was more."""
    return text if len(text) <= longest else text[: longest - len(CUT)].rstrip() + CUT


def _first(*texts: str) -> str | None:
    return next(filter(None, map(_tidy, texts)), None)


def _tidy(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> Iterable[str]:
    # What no label shows, such as a zero-width space or a line break, parts words.
    return "".join(one if one.isprintable() else " " for one in text).split()

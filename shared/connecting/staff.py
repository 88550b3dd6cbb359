"""The staff contact in whose name goods-out notes are marked as shipped in Brightpearl."""

from uuid import UUID

from shared.configuring.change import EventOwner, SettingsChange
from shared.configuring.saving import save
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.db.engine import our_trouble
from shared.vendors.brightpearl.account_models import StaffContact


def staff_contacts(
    connections: Connections, account_id: UUID, *, name: str = ""
) -> tuple[StaffContact, ...]:
    """Search Brightpearl's staff; `name` may be a part of one, in any case (contract §7b)."""
    wanted = name.strip().lower()
    found = connections.brightpearl(account_id).staff_contacts()
    return tuple(one for one in found if wanted in full_name(one).lower())


def full_name(contact: StaffContact) -> str:
    """Write a person's name, or their number where there is none."""
    return f"{contact.first_name} {contact.last_name}".strip() or f"Contact {contact.contact_id}"


def choose_staff_contact(
    connections: Connections, account_id: UUID, *, contact_id: int, by: str
) -> str:
    """Ship in this person's name from now on, and release what waited for the choice.

    Gives the name; `by` is who chose. Raises Refused for somebody who is no staff of the account.
    """
    owner = event_owner(connections, account_id, contact_id=contact_id)
    with our_trouble(), connections.open_session() as session:
        change = SettingsChange(event_owner=owner)
        save(session, account_id, change, by=by, now=connections.now())
        session.commit()
    return owner.name


def event_owner(connections: Connections, account_id: UUID, *, contact_id: int) -> EventOwner:
    """Ask Brightpearl who this is; raises Refused for somebody who is no staff of the account."""
    staff = {one.contact_id: one for one in staff_contacts(connections, account_id)}
    if contact_id not in staff:
        raise Refused(
            f"Contact {contact_id} is no staff of your Brightpearl account; choose from the list.",
        )
    return EventOwner(contact_id=contact_id, name=full_name(staff[contact_id]))

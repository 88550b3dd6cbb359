"""Testing a connection, and choosing in whose name notes are shipped."""

import pytest

from shared.connecting.refusal import Refused
from shared.connecting.staff import choose_staff_contact, full_name, staff_contacts
from shared.connecting.trial import try_connection
from shared.db.account_tables import Account, VendorConnection
from shared.events import CONNECTION_BROKEN, CONNECTION_MENDED
from tests.integration.connecting.merchant import ACCOUNT, ANN, BRIGHTPEARL, SHIPHERO, Merchant


@pytest.fixture
def connected(merchant: Merchant) -> Merchant:
    merchant.connect_brightpearl()
    merchant.connect_shiphero()
    return merchant


def test_both_connections_are_tried_part_by_part(connected: Merchant) -> None:
    brightpearl = try_connection(connected.connections, ACCOUNT, BRIGHTPEARL)
    shiphero = try_connection(connected.connections, ACCOUNT, SHIPHERO)

    assert all(look.fine for look in (*brightpearl, *shiphero))
    assert [look.what for look in brightpearl][-1] == "writing"
    assert connected.row().checked_at is not None
    assert connected.connections.brightpearl(ACCOUNT).webhooks() == ()


def test_nothing_is_written_at_the_real_vendor(connected: Merchant) -> None:
    """The sandbox's host is allowed by the operator; without that it passes for Brightpearl's."""
    real = connected.process(brightpearl_hosts="")

    looks = try_connection(real, ACCOUNT, BRIGHTPEARL)

    assert "writing" not in [look.what for look in looks]


def test_an_outage_of_one_part_is_told_and_the_others_are_tried(connected: Merchant) -> None:
    connected.vendors.fault(
        "brightpearl", "status", status=500, operation="get-shipping-method", times=9
    )

    looks = try_connection(connected.connections, ACCOUNT, BRIGHTPEARL)

    assert [look.what for look in looks if not look.fine] == ["shipping methods"]


def test_a_refused_connection_is_marked_as_broken(connected: Merchant) -> None:
    connected.vendors.control("accounts/demo/tokens/revoke")

    looks = try_connection(connected.connections, ACCOUNT, BRIGHTPEARL)

    assert not looks[-1].fine
    assert connected.row().broken_since is not None
    assert len(connected.events(CONNECTION_BROKEN)) == 1


def test_a_connection_that_is_well_again_is_mended(connected: Merchant) -> None:
    connected.hold("connection_broken:brightpearl")
    with connected.session() as session:
        row = session.get_one(VendorConnection, (ACCOUNT, BRIGHTPEARL))
        row.broken_since, row.broken_reason = connected.now(), "refused"
        session.commit()

    looks = try_connection(connected.connections, ACCOUNT, BRIGHTPEARL)

    assert all(look.fine for look in looks)
    assert connected.row().broken_since is None
    assert connected.held() == []
    assert len(connected.events(CONNECTION_MENDED)) == 1


def test_staff_is_found_by_a_part_of_the_name(connected: Merchant) -> None:
    everybody = staff_contacts(connected.connections, ACCOUNT)
    wanted = full_name(everybody[0])

    found = staff_contacts(connected.connections, ACCOUNT, name=wanted[:4].upper())

    assert everybody[0] in found
    assert staff_contacts(connected.connections, ACCOUNT, name="nobody of that name") == ()


def test_the_chosen_person_is_kept_and_what_waited_goes_on(connected: Merchant) -> None:
    connected.hold("event_owner_unset")
    person = staff_contacts(connected.connections, ACCOUNT)[0]

    name = choose_staff_contact(
        connected.connections, ACCOUNT, contact_id=person.contact_id, by=ANN
    )

    with connected.session() as session:
        account = session.get_one(Account, ACCOUNT)
    assert name == full_name(person)
    assert (account.event_owner_contact_id, account.settings_version) == (person.contact_id, 2)
    assert account.event_owner_name == name
    assert connected.held() == []


def test_only_staff_can_be_chosen(connected: Merchant) -> None:
    with pytest.raises(Refused, match="Contact 999999 is no staff"):
        choose_staff_contact(connected.connections, ACCOUNT, contact_id=999_999, by=ANN)

"""The standing lists of a Brightpearl in memory."""

from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    Channel,
    ShippingMethod,
    StaffContact,
    Warehouse,
)


class StandingLists:
    """What an account has beside notes and orders; tests replace what they need."""

    def __init__(self) -> None:
        self.staff: tuple[StaffContact, ...] = (StaffContact(contact_id=31),)
        self.warehouses: tuple[Warehouse, ...] = (Warehouse(id=2, name="Main"),)
        self.methods: tuple[ShippingMethod, ...] = (ShippingMethod(id=5, name="Standard 48h"),)
        self.channels: tuple[Channel, ...] = (Channel(id=1, name="Web shop"),)
        self.configuration = AccountConfiguration(
            configuration={
                "timeZone": "Europe/London",
                "productWeightUnit": "GRAM",
                "baseCurrencyCode": "GBP",
            }
        )

"""The parts that a fetch is made of, in the order in which a page shows them."""

from enum import StrEnum


class Part(StrEnum):
    """One list of a vendor's that is fetched by itself."""

    CONFIGURATION = "configuration"
    WAREHOUSES = "warehouses"
    SHIPPING_METHODS = "shipping_methods"
    CHANNELS = "channels"
    PRODUCTS = "products"
    SHIPHERO_ACCOUNT = "shiphero_account"
    SHIPHERO_PRODUCTS = "shiphero_products"

    @property
    def label(self) -> str:
        """What a person calls it."""
        return _LABELS[self]


_LABELS = {
    Part.CONFIGURATION: "Account settings",
    Part.WAREHOUSES: "Warehouses",
    Part.SHIPPING_METHODS: "Shipping methods",
    Part.CHANNELS: "Channels",
    Part.PRODUCTS: "Products",
    Part.SHIPHERO_ACCOUNT: "ShipHero warehouses",
    Part.SHIPHERO_PRODUCTS: "ShipHero SKUs",
}

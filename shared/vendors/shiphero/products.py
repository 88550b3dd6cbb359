"""Products at ShipHero: looked for by SKU, made, given a row in a warehouse (contract §9)."""

from shared.vendors.exchange import Effect
from shared.vendors.shiphero.account_models import Product, StockedProduct
from shared.vendors.shiphero.api import Api
from shared.vendors.shiphero.documents import PRODUCTS_OF_SKU_AT_ONCE
from shared.vendors.shiphero.faults import AlreadyThere
from shared.vendors.shiphero.new_product import NewProduct
from shared.vendors.shiphero.product_documents import (
    PRODUCT_ADD_TO_WAREHOUSE,
    PRODUCT_CREATE,
    PRODUCTS_OF_SKU,
)


class Products(Api):
    """The calls about single products, those of a 3PL's customer where one is set."""

    def products_like(self, sku: str) -> tuple[StockedProduct, ...]:
        """Find the product with this SKU, and those that differ by case or outer spaces alone.

        Compare the SKU: ShipHero takes one, and whether it takes it exactly is not known.
        """
        variables = {
            "sku": sku,
            "customer_account_id": self._customer_account_id,
            "first": PRODUCTS_OF_SKU_AT_ONCE,
        }
        found: list[StockedProduct] = []
        # The filter may give all SKUs that contain this one (contract §9): pages of them.
        for node in self._pages(PRODUCTS_OF_SKU, variables, "data"):
            product = self._read(StockedProduct, node, "products")
            if _alike(product.sku) == _alike(sku):
                found.append(product)
            if product.sku == sku:
                break
        return tuple(found)

    def create_product(self, new: NewProduct) -> Product:
        """Make a product; raises AlreadyThere where ShipHero has its SKU.

        Raises UnknownOutcome when it may or may not be there.
        """
        made = self._mutate(PRODUCT_CREATE, new.model_dump(mode="json", exclude_none=True))
        return self._made(Product, made, "product")

    def add_product_to_warehouse(self, sku: str, *, warehouse_id: str) -> None:
        """Give a product a row in a warehouse, with nothing on hand; one that has it keeps it."""
        data = {"sku": sku, "warehouse_id": warehouse_id, "on_hand": 0}
        try:
            self._mutate(PRODUCT_ADD_TO_WAREHOUSE, data, Effect.REPEATABLE_WRITE)
        except AlreadyThere:
            return


def _alike(sku: str) -> str:
    return sku.strip().casefold()

"""The products of a ShipHero in memory, as the client gives them."""

from collections.abc import Iterator

from shared.vendors.shiphero.account_models import Product, StockedProduct, WarehouseProduct
from shared.vendors.shiphero.api import Page
from shared.vendors.shiphero.faults import AlreadyThere, NotFound
from shared.vendors.shiphero.new_product import NewProduct


class FakeProducts:
    """Keeps `products`, a SKU once; `made` keeps what was asked for."""

    products: list[Product]
    made: list[NewProduct]
    page_size: int
    _numbers: Iterator[int]

    def _called(self, operation: str) -> None:
        raise NotImplementedError(operation)

    def _perhaps_lose(self, operation: str) -> None:
        raise NotImplementedError(operation)

    def products_page(self, *, after: str | None = None) -> Page[Product]:
        """Hand out `products`, `page_size` at a time."""
        self._called("products_page")
        start = int(after or 0)
        end = start + self.page_size
        more = end < len(self.products)
        return Page(rows=tuple(self.products[start:end]), cursor=str(end) if more else None)

    def products_like(self, sku: str) -> tuple[StockedProduct, ...]:
        """Find by SKU, whatever the case and outer spaces."""
        self._called("products_like")
        wanted = sku.strip().casefold()
        found = (one for one in self.products if one.sku.strip().casefold() == wanted)
        return tuple(_stocked(one) for one in found)

    def create_product(self, new: NewProduct) -> Product:
        """Make a product, once for each SKU."""
        self._called("create_product")
        if any(one.sku == new.sku for one in self.products):
            raise AlreadyThere(f"A product with sku {new.sku} already exists")
        self.made.append(new)
        rows = tuple(WarehouseProduct(warehouse_id=r.warehouse_id) for r in new.warehouse_products)
        product = StockedProduct(
            id=f"MADE-{next(self._numbers)}", sku=new.sku, name=new.name, warehouse_products=rows
        )
        self.products.append(product)
        self._perhaps_lose("create_product")
        return product

    def add_product_to_warehouse(self, sku: str, *, warehouse_id: str) -> None:
        """Give a product a row in a warehouse, unless it has one."""
        self._called("add_product_to_warehouse")
        for place, one in enumerate(self.products):
            if one.sku == sku:
                stocked = _stocked(one)
                rows = {*stocked.warehouse_products, WarehouseProduct(warehouse_id=warehouse_id)}
                ordered = tuple(sorted(rows, key=lambda row: row.warehouse_id))
                self.products[place] = stocked.model_copy(update={"warehouse_products": ordered})
                return
        raise NotFound(f"Not product with sku {sku} exists")


def _stocked(product: Product) -> StockedProduct:
    return StockedProduct(**product.model_dump())

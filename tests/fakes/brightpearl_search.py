"""The search of a Brightpearl in memory: pages over what it holds, as the client gives them."""

from collections.abc import Iterator
from datetime import datetime

from shared.vendors.brightpearl.account_models import FoundNote, FoundProduct, Product
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.search import LARGEST_PAGE, Page, SearchPage


class FakeSearch:
    """Finds among `notes` and `stocked`; `_called` counts and fails as told."""

    notes: dict[int, GoodsOutNote]
    stocked: dict[int, Product]

    def _called(self, operation: str) -> None:
        raise NotImplementedError(operation)

    def search_goods_out_notes(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        shipped: bool | None = None,
        transfer: bool | None = None,
        page_size: int = LARGEST_PAGE,
        first_result: int = 1,
    ) -> SearchPage:
        """Find notes by time and state, ascending by id."""
        self._called("search_goods_out_notes")
        found = [
            _found(note)
            for _, note in sorted(self.notes.items())
            if (created_from is None or note.created_on >= created_from)
            and (created_to is None or note.created_on <= created_to)
            and shipped in {None, note.shipped}
            and transfer in {None, note.transfer}
        ]
        end = first_result - 1 + page_size
        return SearchPage(
            notes=tuple(found[first_result - 1 : end]),
            next_result=end + 1 if end < len(found) else None,
            available=len(found),
        )

    def found_goods_out_notes(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        shipped: bool | None = None,
        transfer: bool | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> Iterator[FoundNote]:
        """Go through all pages."""
        first: int | None = 1
        while first is not None:
            page = self.search_goods_out_notes(
                created_from=created_from,
                created_to=created_to,
                shipped=shipped,
                transfer=transfer,
                page_size=page_size,
                first_result=first,
            )
            yield from page.notes
            first = page.next_result

    def notes_page(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        first: int = 1,
        shipped: bool | None = None,
        transfer: bool | None = None,
    ) -> Page[FoundNote]:
        """Find up to 500 notes."""
        found = self.search_goods_out_notes(
            created_from=created_from,
            created_to=created_to,
            shipped=shipped,
            transfer=transfer,
            first_result=first,
        )
        return Page(rows=found.notes, next_first=found.next_result, total=found.available)

    def found_products(
        self, *, updated_from: datetime | None = None, first: int = 1
    ) -> Page[FoundProduct]:
        """Find up to 500 products, ascending by id."""
        self._called("found_products")
        found = [
            FoundProduct(product_id=product.id, updated_on=product.updated_on)
            for _, product in sorted(self.stocked.items())
            if updated_from is None
            or (product.updated_on is not None and product.updated_on >= updated_from)
        ]
        end = first - 1 + LARGEST_PAGE
        return Page(
            rows=tuple(found[first - 1 : end]),
            next_first=end + 1 if end < len(found) else None,
            total=len(found),
        )


def _found(note: GoodsOutNote) -> FoundNote:
    return FoundNote(
        goods_out_note_id=note.id,
        order_id=note.order_id,
        warehouse_id=note.warehouse_id,
        shipping_method_id=note.shipping.shipping_method_id,
        shipped=note.shipped,
        shipped_on=note.status.shipped_on,
        priority=note.priority,
        created_on=note.created_on,
        release_date=note.release_date,
        transfer=note.transfer,
    )

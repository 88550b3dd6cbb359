"""Search: goods-out notes by time and state, staff by flag (contract §6a, §11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.vendors.brightpearl.account_models import FoundNote, FoundProduct, StaffContact
from shared.vendors.brightpearl.api import Api, Query
from shared.vendors.brightpearl.models import Reading
from shared.vendors.brightpearl.notes import as_brightpearl_time

LARGEST_PAGE = 500  # contract §11
Row = TypeVar("Row", bound=Reading)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """One page of a search; `next_first` is None on the last one, `total` how many there are.

    Paging runs over live data: rows may repeat or be missed (contract §11).
    """

    rows: tuple[Row, ...]
    next_first: int | None
    total: int


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """One page of found notes; `next_result` is None on the last one.

    `available` is how many there are in all. Paging runs over live data: rows may repeat or be
    missed (contract §11).
    """

    notes: tuple[FoundNote, ...]
    next_result: int | None
    available: int


class Search(Api):
    """The polling path."""

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
        """Find notes, ascending by id; times zoned, both ends included as Brightpearl sees them.

        `first_result` counts from 1, `page_size` is at most 500.
        """
        query: Query = {
            "createdOn": _period(created_from, created_to),
            "shipped": shipped,
            "transfer": transfer,
            "sort": "goodsOutNoteId.ASC",
            "pageSize": min(page_size, LARGEST_PAGE),
            "firstResult": first_result,
        }
        path = "/warehouse-service/goods-note/goods-out-search"
        given = self._get("search_goods_out_notes", path, query) or {}
        notes = tuple(self._read(FoundNote, row, "search_goods_out_notes") for row in rows(given))
        return _page(given.get("metaData") or {}, notes, first_result)

    def found_goods_out_notes(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        shipped: bool | None = None,
        transfer: bool | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> Iterator[FoundNote]:
        """Go through all pages, each note once."""
        seen: set[int] = set()
        first_result: int | None = 1
        while first_result is not None:
            page = self.search_goods_out_notes(
                created_from=created_from,
                created_to=created_to,
                shipped=shipped,
                transfer=transfer,
                page_size=page_size,
                first_result=first_result,
            )
            for note in page.notes:
                if note.goods_out_note_id not in seen:
                    seen.add(note.goods_out_note_id)
                    yield note
            first_result = page.next_result

    def notes_page(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        first: int = 1,
        shipped: bool | None = None,
        transfer: bool | None = None,
    ) -> Page[FoundNote]:
        """Find up to 500 notes from row `first` on, ascending by id."""
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
        """Find up to 500 products from row `first` on, ascending by id (contract §9).

        `updated_from` leaves out those never changed since they were made: look for these by
        their ids.
        """
        query: Query = {
            "updatedOn": _period(updated_from, None),
            "sort": "productId.ASC",
            "pageSize": LARGEST_PAGE,
            "firstResult": first,
        }
        given = self._get("found_products", "/product-service/product-search", query) or {}
        found = tuple(self._read(FoundProduct, row, "found_products") for row in rows(given))
        told = given.get("metaData") or {}
        return Page(
            rows=found,
            next_first=_next_result(told, len(found), first),
            total=told.get("resultsAvailable", len(found)),
        )

    def staff_contacts(self) -> tuple[StaffContact, ...]:
        """Read the people who may own shipped events; the first 500 of them."""
        query: Query = {"isStaff": True, "sort": "contactId.ASC", "pageSize": LARGEST_PAGE}
        given = self._get("staff_contacts", "/contact-service/contact-search", query) or {}
        return tuple(self._read(StaffContact, row, "staff_contacts") for row in rows(given))


def rows(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Name the cells of every row, by the columns of this very answer (contract §11)."""
    names = [column["name"] for column in (found.get("metaData") or {}).get("columns") or ()]
    for row in found.get("results") or ():
        yield dict(zip(names, row, strict=False))


def _page(told: Mapping[str, Any], notes: tuple[FoundNote, ...], first_result: int) -> SearchPage:
    return SearchPage(
        notes=notes,
        next_result=_next_result(told, len(notes), first_result),
        available=told.get("resultsAvailable", len(notes)),
    )


def _next_result(told: Mapping[str, Any], count: int, first_result: int) -> int | None:
    last = told.get("lastResult")  # absent when there are no rows (contract §11)
    if last is None:
        last = first_result + count - 1
    # Old bodies lack morePagesAvailable: then the counts tell (contract §11).
    more = told.get("morePagesAvailable", last < told.get("resultsAvailable", count))
    return int(last) + 1 if more and count else None


def _period(start: datetime | None, end: datetime | None) -> str | None:
    if start is None and end is None:
        return None
    if start is None:
        raise ValueError("created_to needs created_from: only an open end is documented")
    return f"{as_brightpearl_time(start)}/{as_brightpearl_time(end) if end else ''}"

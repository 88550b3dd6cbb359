"""Search: goods-out notes by time and state, staff by flag (contract §6a, §11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.vendors.brightpearl.account_models import FoundNote, StaffContact
from shared.vendors.brightpearl.api import Api, Query
from shared.vendors.brightpearl.notes import as_brightpearl_time

LARGEST_PAGE = 500  # contract §11


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
    last = told.get("lastResult")  # absent when there are no rows (contract §11)
    if last is None:
        last = first_result + len(notes) - 1
    available = told.get("resultsAvailable", len(notes))
    # Old bodies lack morePagesAvailable: then the counts tell (contract §11).
    more = told.get("morePagesAvailable", last < available)
    return SearchPage(
        notes=notes, next_result=last + 1 if more and notes else None, available=available
    )


def _period(start: datetime | None, end: datetime | None) -> str | None:
    if start is None and end is None:
        return None
    if start is None:
        raise ValueError("created_to needs created_from: only an open end is documented")
    return f"{as_brightpearl_time(start)}/{as_brightpearl_time(end) if end else ''}"

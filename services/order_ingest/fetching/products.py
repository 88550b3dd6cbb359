"""Brightpearl's products, page by page: all of them once, then what is new and what changed.

A run goes through the list by ascending id. Rows move up when products before them are destroyed,
so a page reaches back a little, and one that does not reach back to what was read before is
asked for again further up: no product falls between two pages. A later run goes on at the end of
the list, then looks for products changed since the last run; once a week it reads all again.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from sqlmodel import Session

from services.order_ingest.fetching.fetched import Desk, Fetched
from services.order_ingest.fetching.reading import read_products
from shared.catalogue.products import PRODUCTS_WATERMARK, put_products
from shared.db.engine import our_trouble
from shared.db.vendor_tables import FetchProgress
from shared.vendors.brightpearl.account_models import FoundProduct
from shared.vendors.brightpearl.search import LARGEST_PAGE, Page
from shared.watermarks import move_watermark, watermark

FoundPage = Page[FoundProduct]

# How many rows a page reaches back, a tenth of a short one.
OVERLAP = 50
# Clocks differ, and what was just written may not be found yet.
SLACK = timedelta(hours=1)
# Whether `updatedOn` moves with every change is not documented: all are read again this often.
ALL_EVERY = timedelta(days=7)


class Place(BaseModel):
    """Where a run is: it survives in the cursor, and the next run begins from it.

    `first` is the row that the next page begins with, `after` the greatest id read in this phase.
    Up to id `listed`, met at row `row`, the list is known. `since` is None while all are read.
    """

    model_config = ConfigDict(frozen=True)

    began_all: AwareDatetime
    since: AwareDatetime | None = None
    changes: bool = False
    first: int = 1
    after: int = 0
    listed: int = 0
    row: int = 1


def first_cursor(desk: Desk, previous: str, *, asked_at: datetime) -> str:
    """Give where a new run begins, from where the run before it stood ("" for none).

    A run that was taken over before its end is gone on with.
    """
    before = _place(previous)
    if before is None or asked_at - before.began_all > ALL_EVERY:
        return Place(began_all=asked_at).model_dump_json()
    with our_trouble(), desk.open_reading() as session:
        compared = watermark(session, desk.account_id, PRODUCTS_WATERMARK)
    known_at = before.began_all if compared is None else compared.reached
    return Place(
        began_all=before.began_all,
        since=known_at - SLACK,
        first=max(1, before.row - OVERLAP),
        after=before.listed,
        listed=before.listed,
        row=before.row,
    ).model_dump_json()


def fetch_products(desk: Desk, cursor: str) -> Fetched:
    """Read one page of the list, or of what changed."""
    place = Place.model_validate_json(cursor)
    began, client = desk.now(), desk.brightpearl()
    since = place.since if place.changes else None
    page = client.found_products(updated_from=since, first=place.first)
    found = sorted({one.product_id for one in page.rows})
    if place.first > 1 and (not found or found[0] > place.after):
        return _further_up(place)
    read = read_products(client, [one for one in found if one > place.after])
    after = max([place.after, *found])
    following = _following(place, page, after=after)

    def write(session: Session, row: FetchProgress) -> None:
        put_products(session, desk.account_id, read.products, fetched_at=began)
        if following is None:
            # What changed since the run was asked for is what the next one looks for.
            move_watermark(
                session,
                desk.account_id,
                PRODUCTS_WATERMARK,
                reached=row.started_at,
                now=began,
                found=row.done + len(read.products),
            )

    return Fetched(
        done=len(read.products),
        left=_left(place, page),
        write=write,
        cursor=(following or _passed(place, page, after=after)).model_dump_json(),
        more=following is not None,
        summary=read.summary,
    )


def _following(place: Place, page: FoundPage, *, after: int) -> Place | None:
    passed = _passed(place, page, after=after)
    if page.next_first is not None:
        back = min(OVERLAP, len(page.rows) // 10)
        return passed.model_copy(update={"first": page.next_first - back})
    if place.since is not None and not place.changes:
        return passed.model_copy(update={"changes": True, "first": 1, "after": 0})
    return None


def _passed(place: Place, page: FoundPage, *, after: int) -> Place:
    if place.changes:
        return place.model_copy(update={"after": after})
    row = place.first + len(page.rows)
    return place.model_copy(update={"after": after, "listed": after, "row": row})


def _further_up(place: Place) -> Fetched:
    """Ask for an earlier page: so many products were destroyed that some were not seen yet."""
    higher = place.model_copy(update={"first": max(1, place.first - LARGEST_PAGE)})
    return Fetched(
        done=0,
        left=None,
        write=lambda _session, _row: None,
        cursor=higher.model_dump_json(),
        more=True,
        summary="The list has moved up; an earlier page is read again.",
    )


def _left(place: Place, page: FoundPage) -> int | None:
    if place.since is not None and not place.changes:
        return None  # what changed is not counted yet
    return max(0, page.total - (place.first - 1) - len(page.rows))


def _place(cursor: str) -> Place | None:
    try:
        return Place.model_validate_json(cursor)
    except ValidationError:
        return None

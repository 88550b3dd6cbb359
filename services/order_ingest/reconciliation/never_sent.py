"""Which of the notes that Brightpearl lists as open were never sent, and nothing says why."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.order_ingest.reconciliation.desk import Desk
from shared.vendors.brightpearl.account_models import FoundNote

# A note younger than this may just be on its way.
OLD_ENOUGH = timedelta(minutes=15)


def never_sent(rows: Sequence[FoundNote], *, desk: Desk) -> Mapping[str, str]:
    """Give a sentence for each, by note; what is held, skipped or failed is told on the log."""
    ours = {row.goods_out_note_id: row for row in rows if _is_to_be_sent(row, desk)}
    return {
        str(one): f"Note {one} of sales order {ours[one].order_id} is open in Brightpearl since "
        f"{ours[one].created_on:%d %b %Y %H:%M} UTC and was not sent to ShipHero."
        for one in sorted(desk.books.unsent(ours))
    }


def _is_to_be_sent(row: FoundNote, desk: Desk) -> bool:
    made, go_live = row.created_on, desk.go_live_at
    if row.transfer or row.shipped or made is None or go_live is None:
        return False
    is_of_age = go_live <= made <= desk.now() - OLD_ENOUGH
    return is_of_age and row.warehouse_id in desk.mapped_warehouses

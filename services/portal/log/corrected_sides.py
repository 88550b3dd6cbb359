"""Both sides of a note that a person corrected: judged by what was meant to be sent; pure."""

from collections.abc import Sequence
from dataclasses import replace

from services.portal.log.differences import Field, compare
from services.portal.log.sent import Sent
from services.portal.log.sides import Sides
from shared.accounts import AccountSettings
from shared.db.note_tables import OrderLink
from shared.pushing.corrections import Corrections, laid_over


def compare_as_corrected(
    sides: Sides,
    corrections: Corrections,
    *,
    link: OrderLink | None,
    settings: AccountSettings,
    sent: Sent,
) -> Sequence[Field]:
    """Compare field by field; a correction is no difference, and is marked as what it is.

    What stands on Brightpearl's side is what Brightpearl says.
    """
    note, order, there = sides.brightpearl.note, sides.brightpearl.order, sides.shiphero.order
    if note is None:
        return ()
    own = compare(note, order, there, link=link, settings=settings, sent=sent)
    if not corrections:
        return own
    laid = laid_over(note, order, corrections, settings)
    meant = compare(laid.note, laid.order, there, link=link, settings=settings, sent=sent)
    return [
        replace(one, brightpearl=says.brightpearl, is_corrected=one.brightpearl != says.brightpearl)
        for one, says in zip(meant, own, strict=True)
    ]

"""A note that became an order, and what is done to both of them after that."""

from dataclasses import replace
from typing import Any

from services.shiphero_push.consumer import follow
from services.shiphero_push.handler import push_goods_out_notes, report_destroyed
from shared.accounts import Method
from shared.events import GOODS_OUT_NOTE_DESTROYED
from shared.messaging.units import Unit
from shared.outcome import Delivered, Outcome
from shared.vendors.brightpearl.models import NoteShipping
from shared.vendors.brightpearl.order_models import SalesOrder
from tests.builders import a_goods_out_note
from tests.unit.core.notebook import NOON, an_event
from tests.unit.shiphero_push.pushing import Pushing, alike, told_of

DESTROYED = an_event(name=GOODS_OUT_NOTE_DESTROYED)
METHODS = {
    5: Method(name="Standard 48h", title="Standard", carrier="ups", method="g"),
    6: Method(name="Express", title="Express", carrier="ups", method="x"),
}
EXPRESS = NoteShipping(shipping_method_id=6)
HERE = Delivered(reference="SH-GO-demo-501", summary="Order WEB-4001 at ShipHero.")


def send(pushing: Pushing) -> Pushing:
    """Send note 501, and forget what was called until then."""
    pushing.settings = replace(pushing.settings, methods=METHODS)
    pushing.push()
    forget_calls(pushing)
    return pushing


def forget_calls(pushing: Pushing) -> None:
    pushing.brightpearl.calls.clear()
    pushing.shiphero.calls.clear()


def edit(pushing: Pushing, **fields: Any) -> None:
    """Change the note in Brightpearl."""
    pushing.brightpearl.notes[501] = a_goods_out_note(**fields)


def edit_order(pushing: Pushing, order: SalesOrder) -> None:
    """Change the sales order in Brightpearl."""
    pushing.brightpearl.orders[4001] = order


def at_shiphero(pushing: Pushing, **fields: Any) -> None:
    """Have the warehouse do something to the order."""
    [order] = pushing.shiphero.orders
    pushing.shiphero.orders = [order.model_copy(update=fields)]


def looked_at(pushing: Pushing) -> Unit:
    """Read the note as a group of one does, without doing anything yet."""
    [unit] = push_goods_out_notes([told_of(501)], desk=pushing.desk)
    return unit


def told(pushing: Pushing) -> dict[str, Any]:
    """Give the one change that ShipHero was asked for, by field."""
    [change] = pushing.shiphero.changes
    asked = change.model_fields_set - {"order_id"}
    return {name: getattr(change, name) for name in asked}


def destroy(pushing: Pushing) -> Outcome:
    """Tell that note 501 was deleted; raises what the handler raises."""
    [unit] = report_destroyed([DESTROYED], desk=pushing.desk)
    return alike(unit.run())


def settle(pushing: Pushing, outcome: Outcome) -> None:
    """Keep what the settlement of the outcome keeps."""
    assert isinstance(outcome, Delivered)
    with pushing.book.session() as session:
        if outcome.keep is not None:
            outcome.keep(session, NOON)
        follow(session, DESTROYED, outcome, NOON)
        session.commit()

"""Shadow mode: a note is read and transformed as if all were live, and nothing is written.

What would become of it is kept to be shown. The note itself waits until shadow mode ends, and is
looked at then like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from services.shiphero_push.desk import Desk
from services.shiphero_push.reading import Read, read_notes
from shared.accounts import SHADOW_MODE
from shared.errors import Transient
from shared.events import Event
from shared.messaging.units import Unit
from shared.notes.key import NoteKey
from shared.notes.shadow import Shown
from shared.outcome import Held, Outcome, Skipped
from shared.pushing.comparing import told
from shared.pushing.judgement import judge
from shared.pushing.rehearsal import KnownSkus, Rehearsal, as_if_live, rehearse
from shared.vendors.brightpearl.models import GoodsOutNote


def show_goods_out_notes(by_note: Mapping[int, Sequence[Event]], *, desk: Desk) -> Iterable[Unit]:
    """Read the group's notes, keep what would become of each, and have them wait.

    What ShipHero has already, from before shadow mode, waits as it is.
    """
    live = replace(desk, settings=as_if_live(desk.settings))
    echoes = desk.notes.shipped_by_us(set(by_note))
    sent = desk.notes.sent(set(by_note) - echoes).keys()
    deleted = desk.notes.deleted_among(set(by_note) - echoes - sent)
    read = read_notes(set(by_note) - echoes - sent - deleted, desk=live)
    rehearsed = _rehearse(read, desk=live)
    shown = [_shown(read.notes[one], rehearsal) for one, rehearsal in rehearsed.items()]
    desk.shadow.show(shown, settings_version=desk.settings.version)

    def end(note_id: int) -> Outcome:
        if note_id in echoes:
            return Skipped(code="echo", reason=f"Goodsout itself shipped note {note_id}.")
        if note_id in deleted:
            return Skipped(code="note_deleted", reason="The note was deleted before it was sent.")
        if note_id in sent:
            return _held(desk, "ShipHero is not told what changed of its order.")
        return _end(note_id, read, rehearsed.get(note_id), live)

    return [
        Unit(events=tuple(about), run=partial(end, note_id), quick=True)
        for note_id, about in by_note.items()
    ]


def hold_destroyed(note_id: int, *, desk: Desk) -> Held | None:
    """Have the cancelling of a deleted note's order wait; None where there is no order."""
    desk.shadow.deleted(note_id)
    known = desk.notes.link(note_id)
    if known is None or known.is_canceled:
        return None
    return _held(desk, f"The note is deleted; its order {known.order_number} is not cancelled.")


def _rehearse(read: Read, *, desk: Desk) -> dict[int, Rehearsal]:
    orders = read.orders.values()
    skus = {row.product_sku.strip() for order in orders for row in order.order_rows.values()}
    known = KnownSkus(has=desk.catalogue.shiphero_skus(skus - {""}) if skus else set())
    found = (read.of(note_id) for note_id in read.notes)
    return {
        one.note.id: rehearse(
            one.note,
            one.order,
            key=NoteKey(account=desk.settings.code, note_id=one.note.id),
            settings=desk.settings,
            skus=known,
            now=desk.now(),
        )
        for one in found
        if one.note is not None and (one.order is not None or not one.note.order_id)
    }


def _shown(note: GoodsOutNote, rehearsal: Rehearsal) -> Shown:
    return Shown(
        note_id=note.id,
        made_at=note.created_on,
        outcome=rehearsal.outcome,
        code=rehearsal.code,
        reason=rehearsal.reason,
        order_sent=told(rehearsal.new) if rehearsal.new else {},
    )


def _end(note_id: int, read: Read, rehearsal: Rehearsal | None, live: Desk) -> Outcome:
    note = read.of(note_id).note
    if note is None:
        raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
    stopped = judge(note, live.settings)
    if isinstance(stopped, Skipped):
        # It is not to be sent by any go-live, so it need not wait for one.
        return stopped
    if rehearsal is None:
        raise Transient(
            f"Brightpearl does not show sales order {note.order_id}.", code="order_not_found"
        )
    would = "the note would be sent" if not rehearsal.obstacles else rehearsal.reason
    return _held(live, f"{would.rstrip('.')}.")


def _held(desk: Desk, words: str) -> Held:
    return Held(
        cause=SHADOW_MODE,
        reason=f"Shadow mode is on, nothing is written: {words}",
        settings_version=desk.settings.version,
    )

"""Remarks on a sales order, each written once: it bears a mark that is looked for first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.shipment_return.desk import WritesNotes
from shared.notes.store import NoteLease
from shared.vendors.brightpearl.order_models import NewOrderNote


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Words for a sales order; `[about]` or `[about-which]` marks them as ours.

    Of remarks about one thing only the last counts: the same may become true again later.
    """

    order_id: int
    words: str
    about: str
    which: str = ""

    @property
    def mark(self) -> str:
        """What tells this remark from any other."""
        return f"[{self.about}-{self.which}]" if self.which else f"[{self.about}]"

    def is_last_of(self, texts: Sequence[str]) -> bool:
        """Say whether it is the last about its matter, `texts` being oldest first."""
        about = [text for text in texts if f"[{self.about}" in text]
        return bool(about) and self.mark in about[-1]


def add_remark(
    lease: NoteLease,
    remark: Remark,
    brightpearl: WritesNotes,
    *,
    is_told: Callable[[Sequence[str]], bool] | None = None,
) -> None:
    """Add a remark unless `is_told` says of the texts there that it is; by its mark if not given.

    The lease is renewed before the write. Raises UnknownOutcome; the repeat looks first.
    """
    known = sorted(brightpearl.order_notes(remark.order_id), key=lambda note: note.note_id)
    if (is_told or remark.is_last_of)([note.text for note in known]):
        return
    lease.renew()
    text = f"{remark.words} {remark.mark}"
    brightpearl.add_order_note(remark.order_id, NewOrderNote(text=text))

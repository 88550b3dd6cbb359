"""A desk to push notes from, with fakes of both vendors."""

from datetime import timedelta
from typing import TYPE_CHECKING

from services.shiphero_push.desk import Desk
from services.shiphero_push.handler import push_goods_out_notes
from shared.catalogue.products import Catalogue
from shared.events import Event
from shared.notes.correcting import CorrectionBook
from shared.notes.persons import PersonDigests
from shared.notes.shadow import ShadowBook
from shared.outcome import Outcome, Parted
from shared.secrets import SecretBox, new_key
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from tests.builders import MORNING, a_goods_out_note, a_sales_order
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero
from tests.unit.core.notebook import ACCOUNT, Notebook, an_event, settings

if TYPE_CHECKING:
    from shared.accounts import AccountSettings

PATIENCE = timedelta(minutes=15)
# What ShipHero is known to have, so that a test which is not about it sees no look-up.
PERSONS = PersonDigests(new_key())
KNOWN_SKUS = ("TEA-EARL", "TEA-KNOWN", "CUP-BLUE")


def alike(came: Outcome | Parted) -> Outcome:
    """Give the one outcome of a unit that does not part its events."""
    assert not isinstance(came, Parted)
    return came


def told_of(note_id: int) -> Event:
    """Build the event of a note that was announced as soon as it was made."""
    return an_event(subject=str(note_id), recorded_at=MORNING)


class Pushing:
    """Pushes notes and gives what came of each; `desk` is made anew for each group."""

    def __init__(self, book: Notebook, *things: GoodsOutNote | SalesOrder) -> None:
        """Know note 501 and its sales order, unless other things are given."""
        self.book = book
        self.brightpearl = FakeBrightpearl(*(things or (a_goods_out_note(), a_sales_order())))
        self.shiphero = FakeShipHero()
        self.shadow = ShadowBook(book.open_session, book.open_reading, ACCOUNT, lambda: book.now)
        self.settings: AccountSettings = settings()
        self.catalogue = Catalogue(book.open_session, book.open_reading, ACCOUNT, lambda: book.now)
        self.catalogue.remember_skus(KNOWN_SKUS, fetched_at=book.now)
        self.box = SecretBox(new_key())

    @property
    def desk(self) -> Desk:
        """Everything the handler works with."""
        return Desk(
            settings=self.settings,
            notes=self.book.notes,
            shadow=self.shadow,
            brightpearl=self.brightpearl,
            shiphero=self.shiphero,
            catalogue=self.catalogue,
            persons=PERSONS,
            corrections=CorrectionBook(
                self.book.open_session, self.book.open_reading, ACCOUNT, self.box
            ),
            now=lambda: self.book.now,
            patience=PATIENCE,
        )

    def push(self, note_id: int = 501) -> Outcome:
        """Push one note; raises what the handler raises."""
        [unit] = push_goods_out_notes([told_of(note_id)], desk=self.desk)
        return alike(unit.run())

    def push_all(self, *note_ids: int) -> dict[str, Outcome | Exception]:
        """Push a group, and give by note what came of it."""
        events = [told_of(note_id) for note_id in note_ids]
        ends: dict[str, Outcome | Exception] = {}
        for unit in push_goods_out_notes(events, desk=self.desk):
            try:
                ends[unit.events[0].subject] = alike(unit.run())
            except Exception as error:  # noqa: BLE001 - whatever came of it is what is asked
                ends[unit.events[0].subject] = error
        return ends

    def fail(self) -> Exception:
        """Push note 501 and give the error it ended with."""
        end = self.push_all(501)["501"]
        assert isinstance(end, Exception)
        return end

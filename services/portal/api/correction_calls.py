"""A note's corrections by the API: told without their values, made, and taken back."""

from services.portal.api.correction_shapes import (
    Corrected,
    CorrectedField,
    CorrectionsTold,
    CorrectionsWish,
    TakenBack,
)
from services.portal.api.log_calls import no_note, refuse_beyond
from services.portal.api.operation import unfit
from services.portal.api.shapes import Nothing
from services.portal.corrections.desk import CorrectionDesk
from services.portal.corrections.wish import Wish, faults_of, wish_of
from services.portal.frame.access import viewer_account, viewer_name
from services.portal.frame.problem_documents import Problem
from services.portal.frame.tenants import Tenants
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.db.correction_tables import NoteCorrection
from shared.db.note_tables import SyncLogRow
from shared.errors import ConnectionBroken, GoodsoutError
from shared.notes.correcting import why_not_correct
from shared.notes.links import present_link

NOTHING = CorrectionsTold(fields=[], reason="", made_by="", made_at=None, erased_at=None)
MOVED_ON = "The note has moved on meanwhile; nothing was kept."


class CorrectionCalls:
    """Reads and acts for the account whose token was shown."""

    def __init__(self, tenants: Tenants, connections: Connections) -> None:
        self._tenants = tenants
        self._connections = connections

    def get_corrections(self, *, note_id: int, query: Nothing) -> CorrectionsTold:  # noqa: ARG002 - every call has one
        """Tell which fields of a note are sent otherwise than Brightpearl says.

        Their values are for people: they stand in the portal alone.
        """
        refuse_beyond(note_id)
        key = (viewer_account(), note_id)
        with self._tenants.open_reading() as session:
            if session.get(SyncLogRow, key) is None:
                raise no_note(note_id)
            row = session.get(NoteCorrection, key)
        if row is None:
            return NOTHING
        return CorrectionsTold(
            fields=[
                CorrectedField(field=name, counts=name not in row.given_way) for name in row.fields
            ],
            reason=row.reason,
            made_by=row.made_by,
            made_at=row.made_at,
            erased_at=row.erased_at,
        )

    def correct_note(self, *, note_id: int, query: Nothing, body: CorrectionsWish) -> Corrected:  # noqa: ARG002 - every call has one
        """Have a note sent with corrections, in place of earlier ones, and tried again.

        Only before its order is made. Each counts until Brightpearl's own value changes.
        """
        self._refuse(note_id)
        try:
            run = self._desk.as_it_is(note_id)
        except Refused as refused:
            raise Problem(404, "Not shown by Brightpearl", str(refused)) from refused
        except ConnectionBroken as broken:
            raise Problem(409, "Brightpearl is not connected", str(broken)) from broken
        except GoodsoutError as trouble:
            raise Problem(503, "Brightpearl could not be asked", str(trouble)) from trouble
        wish = wish_of(
            {str(name): value for name, value in body.fields.items()}, body.reason, run.own
        )
        if faults := faults_of(wish, run.settings):
            raise unfit(faults)
        return self._save(note_id, wish)

    def take_back_corrections(self, *, note_id: int, query: Nothing) -> TakenBack:  # noqa: ARG002 - every call has one
        """Remove a note's corrections, and have it tried as Brightpearl has it."""
        self._refuse(note_id)
        with self._tenants.open_session() as session:
            done = self._desk.take_back(session, note_id, who=viewer_name())
            if done:
                session.commit()
        return TakenBack(done=done)

    @property
    def _desk(self) -> CorrectionDesk:
        return CorrectionDesk(self._connections, viewer_account())

    def _save(self, note_id: int, wish: Wish) -> Corrected:
        with self._tenants.open_session() as session:
            answer = self._desk.save(session, note_id, wish, who=viewer_name())
            if answer is None:
                raise Problem(409, "Too late", MOVED_ON)
            session.commit()
        return Corrected(fields=list(wish.corrections), sentences=list(answer.sentences))

    def _refuse(self, note_id: int) -> None:
        """Raise a Problem for a note that is not there, or cannot be corrected any more."""
        refuse_beyond(note_id)
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            row = session.get(SyncLogRow, (account_id, note_id))
            if row is None:
                raise no_note(note_id)
            why_not = why_not_correct(row, present_link(session, account_id, note_id))
        if why_not:
            raise Problem(409, "It cannot be corrected on the way", why_not)

"""The page Dry run: one note and what would become of it; nothing is written."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import Session, col

from services.portal.dry_run.fields import LINE_SOURCES, groups_of, lines_of
from services.portal.dry_run.looking import DryRun, look, read_name
from services.portal.dry_run.shadow_notes import counts_of, sentence_of, went_live
from services.portal.frame.access import Need, may, need_of, viewer_account
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.db.account_tables import Account
from shared.db.note_tables import SyncLogRow
from shared.errors import ConnectionBroken, GoodsoutError
from shared.notes.state import HELD, KEPT_BACK, QUEUED, RETRYING, WAITING_FOR_BUDGET
from shared.pushing.comparing import told
from shared.reasons.listed import reason_of

RECENT: Final = 12
CONFIGURATION: Final = "configuration.show"
NOT_SENT_YET: Final = (QUEUED, HELD, KEPT_BACK, RETRYING, WAITING_FOR_BUDGET)


class DryRunPages:
    """Looks for the account of the person who is logged in."""

    def __init__(self, connections: Connections) -> None:
        """Read with the account's own connections."""
        self._connections = connections

    def show(self) -> ResponseReturnValue:
        """Ask for a note, and show what would become of one that is named in the address."""
        typed = request.args.get("note", "").strip()[:64]
        run: DryRun | None = None
        problem, is_broken, status = "", False, 200
        if typed:
            try:
                run = look(self._connections, viewer_account(), read_name(typed))
            except Refused as refused:
                problem, status = str(refused), 400
            except GoodsoutError as trouble:
                problem, status = str(trouble), 503
                is_broken = isinstance(trouble, ConnectionBroken)
        return self._page(typed, run, problem=problem, is_broken=is_broken), status

    def _page(self, typed: str, run: DryRun | None, *, problem: str, is_broken: bool) -> str:
        with self._connections.open_reading() as session:
            account = session.get_one(Account, viewer_account())
            counts = counts_of(session, viewer_account())
            recent = _recent(session, viewer_account()) if run is None else ()
            live = went_live(session, viewer_account())
        order = told(run.rehearsal.new) if run and run.rehearsal.new else {}
        return render_template(
            "dry_run/dry_run.html",
            account=account,
            typed=typed,
            run=run,
            problem=problem,
            is_broken=is_broken,
            recent=recent,
            groups=groups_of(order, run.settings) if run else (),
            lines=lines_of(order, run.settings) if run else (),
            line_sources=LINE_SOURCES,
            reason_of=reason_of,
            shadow=sentence_of(counts) if counts else "",
            live=live,
            configuration=_configuration(),
            may_act=may(Need.OPERATOR),
        )


def _configuration() -> str:
    """Give where settings are made; "" for those who may not see it."""
    need = need_of(current_app, CONFIGURATION)
    return url_for(CONFIGURATION) if need is not None and may(need) else ""


def _recent(session: Session, account_id: UUID) -> Sequence[SyncLogRow]:
    """Give the newest notes that are not at ShipHero yet."""
    query = select(SyncLogRow).where(
        col(SyncLogRow.account_id) == account_id, col(SyncLogRow.order_stage).in_(NOT_SENT_YET)
    )
    newest = query.order_by(col(SyncLogRow.inserted_at).desc(), col(SyncLogRow.note_id).desc())
    return session.execute(newest.limit(RECENT)).scalars().all()

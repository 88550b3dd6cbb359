"""Notes that need attention, and what people do on its page."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from shared.db.portal_tables import IssueMark
from shared.issues.issue import TO_SHIPHERO, Issue
from shared.issues.marks import marks_of
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants
from tests.integration.portal.notes import press

UNMAPPED: dict[str, Any] = {"order_stage": "held", "order_reason_code": "shipping_method_unmapped"}
UNKNOWN: dict[str, Any] = {"order_stage": "failed", "order_reason_code": "sku_unknown"}
SKUS = {"way": "shiphero", "reason": "sku_unknown"}
DPD = {"way": "shiphero", "reason": "shipping_method_unmapped", "key": "Next day"}
LINE = Issue(code="sku_unknown", way=TO_SHIPHERO)


def failing(merchants: Merchants, *notes: int, **known: Any) -> None:
    """Keep notes whose SKUs are unknown; each came in within the last hours."""
    for note_id in notes:
        came = NOON - timedelta(hours=2) + timedelta(seconds=note_id)
        merchants.note(note_id, **({"inserted_at": came} | UNKNOWN | known))


def mark(merchants: Merchants) -> IssueMark | None:
    """Read what people did about the line of unknown SKUs."""
    with merchants.open_session() as session:
        return marks_of(session, FERNLEAF).get(LINE)


def people(merchants: Merchants) -> dict[str, int]:
    """Give Fernleaf's people by the beginning of their address."""
    from shared.db.user_tables import User  # noqa: PLC0415 - brings Flask-Security along

    with merchants.open_session() as session:
        found = session.exec(select(User).where(User.account_id == FERNLEAF)).all()
    return {one.email.partition("@")[0]: one.id or 0 for one in found}


def do(client: FlaskClient, act: str, **form: str) -> TestResponse:
    """Press a button of the line of unknown SKUs."""
    return press(client, f"/attention/{act}", **SKUS, **form)


def badge(client: FlaskClient, path: str = "/keyboard") -> str:
    """Read the number beside the page in the menu."""
    page = client.get(path).text
    return page.partition('class="menu-badge">')[2].partition("<")[0]

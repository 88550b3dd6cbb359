"""What a delivered notice or mail does to those that were given up: nothing."""

import pytest

from shared.events import MAIL_REQUESTED, NOTICE_REQUESTED
from shared.journal.settle import kill, settle
from shared.journal.verdict import Dead
from shared.outcome import Delivered
from tests.integration.journal.books import MORNING, Books


@pytest.mark.parametrize("name", [MAIL_REQUESTED, NOTICE_REQUESTED])
def test_a_notice_that_arrived_makes_none_needless_that_did_not(books: Books, name: str) -> None:
    lost = books.a_claim("ops", name=name)
    with books.session() as session:
        kill(session, lost, Dead(code="refused", reason="No."), now=MORNING)
    event = books.a_claim("ops", name=name)

    with books.session() as session:
        settle(session, event, Delivered(reference="msg_1"), now=MORNING)

    assert [row.outcome for row in books.rows()] == ["dead", "delivered"]

"""What people did about a line ends with its notes, and only with them."""

from datetime import timedelta
from typing import Any

import pytest

from services.portal.people.accounts import new_user
from shared.db.portal_tables import IssueMark
from shared.issues.issue import TO_SHIPHERO, Issue
from shared.issues.marks import agree, is_muted, is_resolved, locked_mark, marks_of
from tests.integration.journal.books import MORNING, Books

LINE = Issue(code="sku_unknown", way=TO_SHIPHERO)


@pytest.fixture
def ann(books: Books) -> int:
    """Give the account's owner."""
    with books.session() as session:
        user = new_user(
            session, books.account, email="ann@acme.example", password_hash="", role="owner",
            now=MORNING, name="Ann",
        )  # fmt: skip
        session.flush()
        assert user.id is not None
        return user.id


def marked(books: Books, **values: Any) -> None:
    with books.session() as session:
        mark = locked_mark(session, books.account, LINE)
        mark.sqlmodel_update(values)
        session.add(mark)


def agreed(books: Books, *there: Issue) -> IssueMark:
    with books.session() as session:
        agree(session, books.account, set(there), now=books.clock())
    with books.session() as session:
        return marks_of(session, books.account)[LINE]


def test_without_notes_it_is_resolved_and_nobodys(books: Books, ann: int) -> None:
    marked(books, acknowledged_at=MORNING, acknowledged_by="ann", assignee_id=ann,
           assigned_at=MORNING, assigned_by="ann")  # fmt: skip
    still = agreed(books, LINE)
    books.clock.pass_(hours=1)

    over = agreed(books)

    assert (is_resolved(still), still.assignee_id) == (False, ann)
    assert (is_resolved(over), over.resolved_at) == (True, MORNING + timedelta(hours=1))
    assert (over.acknowledged_at, over.acknowledged_by) == (None, "")
    assert (over.assignee_id, over.assigned_at, over.assigned_by) == (None, None, "")


def test_what_comes_back_is_open_again(books: Books) -> None:
    marked(books, acknowledged_at=MORNING)
    agreed(books)
    books.clock.pass_(hours=1)

    back = agreed(books, LINE)

    assert (is_resolved(back), back.acknowledged_at) == (False, None)
    assert back.reopened_at == MORNING + timedelta(hours=1)


def test_what_is_muted_stays_so_for_its_time_whatever_comes_and_goes(books: Books) -> None:
    until = MORNING + timedelta(hours=4)
    marked(books, muted_until=until)
    agreed(books)
    books.clock.pass_(hours=1)

    back = agreed(books, LINE)

    assert is_muted(back, now=until - timedelta(seconds=1))
    assert not is_muted(back, now=until)


def test_a_colleague_who_leaves_leaves_it_to_nobody(books: Books, ann: int) -> None:
    from shared.db.user_tables import User  # noqa: PLC0415 - brings Flask-Security along

    marked(books, assignee_id=ann, acknowledged_at=MORNING)
    with books.session() as session:
        user = session.get_one(User, ann)
        user.roles.clear()
        session.flush()
        session.delete(user)

    left = agreed(books, LINE)

    assert (left.assignee_id, left.acknowledged_at) == (None, MORNING)

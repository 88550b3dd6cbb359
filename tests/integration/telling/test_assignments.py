"""Who is assigned something gets one mail for a quarter of an hour; the clock resolves it."""

from sqlmodel import select

from shared.db.portal_tables import IssueMark
from shared.db.user_tables import User
from shared.issues.issue import TO_SHIPHERO, Issue
from shared.issues.marks import is_resolved, locked_mark, marks_of
from shared.notifications import ISSUE_ASSIGNED, choose_kinds
from shared.untold import note_untold
from tests.integration.telling.office import ANN, UNKNOWN, Office

OLA = "ola@acme.example"
LINE = Issue(code=UNKNOWN, way=TO_SHIPHERO)
OTHER = Issue(code="address_missing", way=TO_SHIPHERO)


def person(office: Office, email: str = OLA) -> int:
    with office.books.session() as session:
        found = session.exec(select(User.id).where(User.email == email)).one()
    assert found is not None
    return found


def assign(office: Office, issue: Issue = LINE, to: str = OLA) -> None:
    user_id, now = person(office, to), office.books.clock()
    with office.books.session() as session:
        mark = locked_mark(session, office.books.account, issue)
        mark.assignee_id, mark.assigned_at, mark.assigned_by = user_id, now, ANN
        session.add(mark)
        note_untold(
            session, office.books.account, kind=ISSUE_ASSIGNED, cause=str(user_id),
            subjects=[issue.written], now=now,
        )  # fmt: skip


def an_office_with_two_lines(office: Office) -> None:
    office.join(OLA, "operator")
    office.stand([7001, 7002], order_stage="failed", order_reason_code=LINE.code)
    office.stand([7003], order_stage="failed", order_reason_code=OTHER.code)


def test_what_is_assigned_within_a_quarter_of_an_hour_is_one_mail(office: Office) -> None:
    an_office_with_two_lines(office)
    assign(office)
    office.books.clock.pass_(minutes=10)
    assign(office, OTHER)
    soon = office.tell()
    office.books.clock.pass_(minutes=5)

    [letter] = office.tell()

    assert soon == []
    assert letter.to == OLA
    assert "2 things were assigned to you" in letter.text
    assert "ShipHero does not have all SKUs of the note: 2 notes need somebody" in letter.text
    assert f"By {ANN}." in letter.text
    assert letter.unsubscribe
    office.books.clock.pass_(hours=1)
    assert office.tell() == []


def test_what_was_taken_back_or_is_resolved_is_not_told(office: Office) -> None:
    an_office_with_two_lines(office)
    assign(office)
    assign(office, to=ANN)
    assign(office, OTHER)
    office.mend([7003])
    office.books.clock.pass_(minutes=15)

    letters = office.tell()

    assert [letter.to for letter in letters] == [ANN]
    assert office.untold() == []


def test_who_wants_none_gets_none(office: Office) -> None:
    an_office_with_two_lines(office)
    with office.books.session() as session:
        choose_kinds(session, office.books.account, person(office), {ISSUE_ASSIGNED: False})
    assign(office)
    office.books.clock.pass_(minutes=15)

    assert office.tell() == []
    assert office.untold() == []


def test_the_clock_sees_that_no_note_is_left(office: Office) -> None:
    an_office_with_two_lines(office)
    assign(office)
    office.tell()
    office.mend([7001, 7002])

    office.tell()

    with office.books.session() as session:
        mark = marks_of(session, office.books.account)[LINE]
    assert (is_resolved(mark), mark.assignee_id) == (True, None)
    assert isinstance(mark, IssueMark)

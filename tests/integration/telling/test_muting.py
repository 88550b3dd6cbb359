"""What people muted is told to nobody meanwhile, and told of afterwards."""

from datetime import timedelta

from shared.issues.issue import TO_SHIPHERO, Issue
from shared.issues.marks import locked_mark
from tests.integration.journal.books import MORNING
from tests.integration.telling.office import UNKNOWN, Office

UNMAPPED = "shipping_method_unmapped"


def mute(office: Office, code: str = UNKNOWN, key: str = "", *, hours: int = 4) -> None:
    with office.books.session() as session:
        issue = Issue(code=code, way=TO_SHIPHERO, key=key)
        mark = locked_mark(session, office.books.account, issue)
        mark.muted_until = MORNING + timedelta(hours=hours)
        session.add(mark)


def test_what_is_muted_is_told_once_its_time_is_over(office: Office) -> None:
    mute(office)
    office.fail([7001, 7002])
    office.books.clock.pass_(hours=3)
    meanwhile = office.tell()
    office.books.clock.pass_(hours=1)

    [letter] = office.tell()

    assert meanwhile == []
    assert "2 orders need you" in letter.text


def test_a_cause_that_is_muted_is_not_told_to_be_cleared(office: Office) -> None:
    office.fail([7001])
    office.tell()
    mute(office)
    office.books.clock.pass_(minutes=10)
    first = office.tell()
    office.books.clock.pass_(minutes=10)

    assert (first, office.tell()) == ([], [])


def test_another_shipping_method_is_told_all_the_same(office: Office) -> None:
    mute(office, UNMAPPED, "DPD Sat")
    office.fail([7001], code=UNMAPPED, brightpearl_method="DPD Sat")
    office.fail([7002], code=UNMAPPED, brightpearl_method="Royal Mail")

    [letter] = office.tell()

    assert "1 order needs you" in letter.text
    assert "note 7002" in letter.text
    assert office.untold() == ["7001"]


def test_what_was_muted_and_mended_is_never_told(office: Office) -> None:
    mute(office)
    office.fail([7001])
    office.tell()
    office.mend([7001])
    office.books.clock.pass_(hours=5)

    assert office.tell() == []
    assert office.untold() == []

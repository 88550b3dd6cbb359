"""Orders that fail for one reason: the first at once, the rest by the hour, and the end of it."""

from sqlmodel import select

from shared.db.user_tables import User
from shared.notifications import choose_kinds
from tests.integration.telling.office import ANN, UNKNOWN, Office, thread_of


def test_the_first_of_a_cause_is_told_at_once_with_what_to_do(office: Office) -> None:
    office.stand([7001], order_id=4001, customer_reference="WEB-1")
    office.fail([7001])

    [letter] = office.tell()

    assert letter.to == ANN
    assert letter.subject.startswith("Orders need you: ")
    assert "1 order needs you" in letter.text
    assert "4001 (WEB-1)" in letter.text
    assert "What to do: " in letter.text
    assert "Meanwhile: " in letter.text
    assert f"/sync-log?state=needs_you&reason={UNKNOWN}" in letter.text


def test_what_follows_within_the_hour_is_one_mail_in_the_same_thread(office: Office) -> None:
    office.fail([7001])
    [first] = office.tell()
    for note in range(7002, 7010):
        office.books.clock.pass_(minutes=5)
        office.fail([note])
        assert office.tell() == []

    office.books.clock.pass_(minutes=20)
    [again] = office.tell()

    assert "8 more orders need you" in again.text
    assert "it is 9 orders now" in again.text
    assert again.subject == f"Re: {first.subject}"
    assert (thread_of(again), again.number) == (thread_of(first), 2)


def test_a_flood_makes_one_mail_at_once_and_one_an_hour(office: Office) -> None:
    office.fail([1])
    [first] = office.tell()
    clock = office.clock()
    for hour in range(5):
        for part in range(20):
            start = 2 + hour * 2000 + part * 100
            office.fail(range(start, start + 100))
            office.books.clock.pass_(minutes=3)
            clock.look_at_all()

    letters = office.letters()

    assert [letter.number for letter in letters] == [1, 2, 3, 4, 5, 6]
    assert {thread_of(letter) for letter in letters} == {thread_of(first)}
    told = sum(_count(letter.text) for letter in letters)
    assert told + len(office.untold()) == 10_001


def _count(text: str) -> int:
    [line] = [line for line in text.splitlines() if " need" in line and "order" in line][:1]
    return int(line.split()[0].replace(",", ""))


def test_ten_thousand_at_once_are_one_mail(office: Office) -> None:
    office.fail(range(1, 10_001))

    [letter] = office.tell()

    assert "10,000 orders need you" in letter.text
    assert "and 9,995 more" in letter.text
    assert office.untold() == []


def test_each_cause_has_a_mail_of_its_own(office: Office) -> None:
    office.fail([7001])
    office.fail([7002], code="address_missing")

    letters = office.tell()

    assert len({thread_of(letter) for letter in letters}) == 2


def test_a_note_that_fails_twice_is_one_order(office: Office) -> None:
    office.fail([7001])
    office.fail([7001])

    [letter] = office.tell()

    assert "1 order needs you" in letter.text


def test_what_mended_itself_before_anybody_was_told_is_not_told(office: Office) -> None:
    office.fail([7001])
    office.mend([7001])

    assert office.tell() == []
    assert office.untold() == []


def test_a_cause_that_stays_away_is_cleared_once(office: Office) -> None:
    office.fail([7001, 7002])
    [first] = office.tell()
    office.mend([7001, 7002])
    assert office.tell() == []
    office.books.clock.pass_(minutes=6)

    cleared = office.tell()
    office.books.clock.pass_(hours=5)

    [letter] = cleared
    assert "Cleared: no order waits for this any more" in letter.text
    assert "2 orders in all had this cause" in letter.text
    assert (thread_of(letter), letter.number) == (thread_of(first), 2)
    assert office.tell() == []


def test_a_cause_that_comes_back_within_minutes_is_not_cleared(office: Office) -> None:
    office.fail([7001])
    office.tell()
    office.mend([7001])
    office.tell()
    office.books.clock.pass_(minutes=2)
    office.fail([7003])
    office.tell()
    office.books.clock.pass_(minutes=30)

    assert office.tell() == []
    office.books.clock.pass_(minutes=30)
    [again] = office.tell()
    assert "1 more order needs you" in again.text


def test_a_cause_that_ended_begins_a_new_thread_but_no_sooner_than_in_an_hour(
    office: Office,
) -> None:
    office.fail([7001])
    [first] = office.tell()
    office.mend([7001])
    office.tell()
    office.books.clock.pass_(minutes=6)
    office.tell()
    office.fail([7002])
    soon = office.tell()
    office.books.clock.pass_(minutes=54)

    [letter] = office.tell()

    assert soon == []
    assert letter.number == 1
    assert thread_of(letter) != thread_of(first)
    assert not letter.subject.startswith("Re:")


def test_everybody_who_wants_the_kind_gets_a_mail_and_nobody_else(office: Office) -> None:
    office.join("ola@acme.example", "operator")
    office.join("vic@acme.example", "viewer")
    office.fail([7001])

    letters = office.tell()

    assert sorted(letter.to for letter in letters) == [ANN, "ola@acme.example"]
    assert len({letter.unsubscribe for letter in letters}) == 2


def test_who_wants_none_gets_none_and_the_cause_is_told_all_the_same(office: Office) -> None:
    with office.books.session() as session:
        ann = session.exec(select(User.id).where(User.email == ANN)).one()
        assert ann is not None
        choose_kinds(session, office.books.account, ann, {"orders_failing": False})
    office.fail([7001])

    assert office.tell() == []
    assert office.untold() == []

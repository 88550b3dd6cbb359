"""Alerts are told when they open and when they end, once each, in one thread."""

import pytest

from services.notifier.telling.alert_words import GATHERED, WORDS
from shared import alerts
from shared.alerts import Cause, end_alert, order_canceled, raise_alert, webhook_stopped
from shared.connecting.alerts import connection_broken
from shared.notifications import KINDS
from tests.integration.telling.office import Office, thread_of


def open_(office: Office, cause: Cause, sentence: str = "It stopped.") -> None:
    with office.books.session() as session:
        raise_alert(session, cause, sentence=sentence, raised_at=office.books.clock())


def end(office: Office, cause: Cause) -> None:
    with office.books.session() as session:
        end_alert(session, cause, now=office.books.clock())


def broken(office: Office) -> Cause:
    office.connect("brightpearl")
    return connection_broken(office.books.account, "brightpearl")


def test_a_broken_connection_is_told_and_so_is_that_it_is_mended(office: Office) -> None:
    cause = broken(office)
    open_(office, cause, "Brightpearl refuses our credentials.")
    [first], [] = office.tell(), office.tell()
    office.books.clock.pass_(hours=3)
    end(office, cause)

    [mended], [] = office.tell(), office.tell()

    assert first.subject == "Brightpearl is not connected any more"
    assert "Brightpearl refuses our credentials." in first.text
    assert "What to do: Reconnect" in first.text
    assert mended.subject == f"Re: {first.subject}"
    assert mended.text.startswith("Brightpearl is connected again")
    assert (thread_of(mended), mended.number) == (thread_of(first), 2)


def test_what_was_over_before_anybody_was_told_is_one_mail(office: Office) -> None:
    cause = webhook_stopped(office.books.account, "shiphero", "Shipment Update")
    office.connect("shiphero")
    open_(office, cause, "The webhook Shipment Update was switched off.")
    end(office, cause)

    [letter], [] = office.tell(), office.tell()

    assert letter.text.startswith("The webhook Shipment Update at ShipHero works again")
    assert "was switched off. " not in letter.subject
    assert "That is over already." in letter.text


def test_disconnecting_is_not_told_as_mending(office: Office) -> None:
    cause = broken(office)
    open_(office, cause)
    office.tell()
    office.connect("brightpearl", credentials="")
    end(office, cause)

    assert office.tell() == []


def test_many_cancelled_orders_are_one_mail(office: Office) -> None:
    for note in range(501, 531):
        open_(office, order_canceled(office.books.account, note), "The warehouse cancelled it.")
    office.tell()

    letters = office.letters() or office.tell()

    [letter] = letters
    assert "30 orders were cancelled in the warehouse" in letter.text


def test_an_alert_without_words_of_its_own_is_told_plainly(sqlite_office: Office) -> None:
    cause = Cause(account_id=sqlite_office.books.account, kind="tape_torn")
    open_(sqlite_office, cause, "The tape is torn.")

    [letter] = sqlite_office.tell()

    assert letter.subject == "Tape torn"
    assert "The tape is torn." in letter.text


def test_every_kind_of_alert_has_its_words() -> None:
    kinds = {
        value for name, value in vars(alerts).items() if name.isupper() and isinstance(value, str)
    }

    assert kinds == WORDS.keys() | GATHERED.keys()


@pytest.mark.parametrize("kind", WORDS)
def test_every_alert_is_of_a_kind_that_people_choose(kind: str) -> None:
    assert WORDS[kind].kind in KINDS

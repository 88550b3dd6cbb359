"""What is due is taken once, and what is busy is taken later."""

from sandbox.agenda import Agenda


def always(_number: int, _at: float) -> bool:
    return True


def test_what_is_due_is_taken_once() -> None:
    agenda = Agenda()
    for at, number in ((3.0, 1), (1.0, 2), (2.0, 1)):
        agenda.add(at, number)

    first = agenda.take_due(2.5, busy=(), stands=always)
    rest = agenda.take_due(3.0, busy=(), stands=always)

    assert (first, rest) == ([1, 2], [1])
    assert agenda.next_at() is None


def test_what_was_put_off_meanwhile_no_longer_counts() -> None:
    agenda = Agenda()
    agenda.add(1.0, 7)
    agenda.add(5.0, 7)

    due = agenda.take_due(2.0, busy=(), stands=lambda _, at: at == 5.0)

    assert (due, agenda.next_at()) == ([], 5.0)


def test_a_try_that_is_due_before_the_last_has_ended_is_not_lost() -> None:
    agenda = Agenda()
    agenda.add(1.0, 7)

    during = agenda.take_due(2.0, busy={7}, stands=always)
    after = agenda.take_due(2.0, busy=(), stands=always)

    assert (during, after) == ([], [7])

"""A queue as a folder: order, crashes and what is left behind."""

import os
from pathlib import Path

import pytest

from shared.messaging.spool import NAMES_PER_LISTING, Spool, SpoolMissing


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    spool = Spool(tmp_path / "queue")
    spool.create()
    return spool


def another_process(folder: Path) -> Spool:
    return Spool(folder / "queue")


def contents(spool: Spool, count: int) -> list[bytes]:
    taken = [spool.take() for _ in range(count)]
    return [each.content for each in taken if each is not None]


def test_messages_are_taken_oldest_first(spool: Spool) -> None:
    expected = [str(number).encode() for number in range(NAMES_PER_LISTING + 10)]
    for content in expected:
        spool.put(content)

    assert contents(spool, len(expected) + 1) == expected


def test_a_message_is_taken_once(spool: Spool, tmp_path: Path) -> None:
    spool.put(b"one")
    other = another_process(tmp_path)

    assert contents(spool, 1) == [b"one"]
    assert other.take() is None


def test_two_that_listed_the_same_names_share_them(spool: Spool, tmp_path: Path) -> None:
    other = another_process(tmp_path)
    for content in (b"a", b"b", b"c"):
        spool.put(content)

    shared = [*contents(spool, 1), *contents(other, 1), *contents(spool, 1)]

    assert shared == [b"a", b"b", b"c"]


def test_a_message_given_back_keeps_its_place_and_counts_the_delivery(spool: Spool) -> None:
    spool.put(b"first")
    spool.put(b"second")
    taken = spool.take()
    assert taken is not None

    spool.give_back(taken.file)
    spool.close()
    again = spool.take()

    assert again is not None
    assert (again.content, again.deliveries) == (b"first", 1)


def test_half_written_files_are_never_read_and_cleared_away_when_old(
    spool: Spool, tmp_path: Path
) -> None:
    draft = tmp_path / "queue" / "writing" / "draft"
    draft.write_bytes(b"half a mess")
    os.utime(draft, (0, 0))

    assert spool.take() is None
    spool.create()
    assert not draft.exists()


def test_a_queue_that_was_not_declared_is_missing(tmp_path: Path) -> None:
    missing = another_process(tmp_path)

    with pytest.raises(SpoolMissing):
        missing.put(b"one")
    with pytest.raises(SpoolMissing):
        missing.take()
    assert missing.size() == 0


def test_a_rejected_message_moves_whole_to_the_other_queue(spool: Spool, tmp_path: Path) -> None:
    dead = Spool(tmp_path / "dead")
    dead.create()
    spool.put(b"one")
    taken = spool.take()
    assert taken is not None

    dead.receive(taken.file)

    assert contents(dead, 1) == [b"one"]
    assert spool.size() == 0


def test_what_a_consumer_left_that_died_while_it_opened_is_cleared_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "queue")
    spool.create()
    draft = tmp_path / "queue" / "writing" / "4711-dead"
    draft.mkdir()
    (draft / "lock").touch()
    os.utime(draft, (0, 0))

    spool.create()

    assert not draft.exists()

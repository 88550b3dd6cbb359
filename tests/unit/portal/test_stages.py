"""Every stage has a word, an icon and a colour, the same on every page."""

import pytest

from services.portal.looks import ICONS
from services.portal.stages import (
    AWAITING_SHIPMENT,
    ORDER_CHIPS,
    SHIPMENT_CHIPS,
    order_chip,
    shipment_chip,
)
from shared.notes.progress import STAGES, WAITING


@pytest.mark.parametrize(
    ("stage", "word", "fine_word"),
    [
        ("queued", "Pending", "Queued"),
        ("held", "Pending", "Waiting: setup"),
        ("waiting_for_budget", "Pending", "Waiting: rate limit"),
        ("retrying", "Pending", "Retrying"),
        ("checking", "Pending", "Checking"),
        ("done", "Synced", "At ShipHero"),
        ("failed", "Failed", "Needs you"),
        ("skipped", "Skipped", ""),
    ],
)
def test_an_order_stage_shows_the_sync_logs_word(stage: str, word: str, fine_word: str) -> None:
    chip = order_chip(stage)

    assert (chip.word, chip.stage) == (word, fine_word)


@pytest.mark.parametrize(
    ("order_stage", "stage", "word", "fine_word"),
    [
        ("queued", "", "", ""),
        ("failed", "", "", ""),
        ("done", "", "", "Waiting for shipment"),
        ("done", "waiting", "", "Part shipped"),
        ("done", "retrying", "", "Writing back: retrying"),
        ("done", "failed", "", "Needs you"),
        ("done", "done", "Synced", "Shipped"),
    ],
)
def test_a_shipment_stage_stays_blank_until_it_is_written_back(
    order_stage: str, stage: str, word: str, fine_word: str
) -> None:
    chip = shipment_chip(order_stage, stage)

    assert (chip.word, chip.stage) == (word, fine_word)


def test_no_stage_of_a_note_lacks_a_chip() -> None:
    assert set(STAGES) == set(SHIPMENT_CHIPS)
    assert set(STAGES) - {WAITING} == set(ORDER_CHIPS)


def test_every_chip_has_an_icon_that_is_there() -> None:
    chips = [*ORDER_CHIPS.values(), *SHIPMENT_CHIPS.values(), AWAITING_SHIPMENT]

    assert [chip.icon for chip in chips if not (ICONS / f"{chip.icon}.svg").is_file()] == []


def test_a_broken_connection_asks_to_reconnect() -> None:
    assert order_chip("held", "connection_broken").stage == "Waiting: reconnect"


def test_a_stage_unknown_here_is_shown_by_its_own_name() -> None:
    assert order_chip("being_repacked").stage == "Being repacked"

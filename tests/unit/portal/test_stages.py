"""Every stage has a word, an icon and a colour, the same on every page."""

import pytest

from services.portal.frame.looks import ICONS
from services.portal.log.stages import (
    AWAITING_SHIPMENT,
    FINER,
    ORDER_CHIPS,
    SHIPMENT_CHIPS,
    order_chip,
    shipment_chip,
)
from shared.notes.state import NOT_BEGUN, ORDER, SHIPMENT, STAGES
from shared.reasons.listed import REASONS


@pytest.mark.parametrize(
    ("stage", "word", "fine_word"),
    [
        ("queued", "Pending", "Queued"),
        ("kept_back", "Pending", "Kept back"),
        ("change_refused", "Synced", "Change refused"),
        ("canceled", "Cancelled", ""),
        ("cancel_refused", "Failed", "Cancel refused"),
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
        ("change_refused", "", "", "Waiting for shipment"),
        ("canceled", "", "", ""),
        ("cancel_refused", "", "", ""),
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
    assert set(STAGES[SHIPMENT]) - {NOT_BEGUN} == set(SHIPMENT_CHIPS)
    assert set(STAGES[ORDER]) == set(ORDER_CHIPS)


def test_every_chip_has_an_icon_that_is_there() -> None:
    chips = [*ORDER_CHIPS.values(), *SHIPMENT_CHIPS.values(), AWAITING_SHIPMENT]
    icons = {chip.icon for chip in chips} | {icon for _, icon, _ in FINER.values()}

    assert {icon for icon in icons if not (ICONS / f"{icon}.svg").is_file()} == set()


def test_a_broken_connection_asks_to_reconnect() -> None:
    assert order_chip("held", "connection_broken").stage == "Waiting: reconnect"


@pytest.mark.parametrize(
    ("stage", "code", "fine_word"),
    [
        ("change_refused", "change_too_late", "Change refused"),
        ("change_refused", "change_by_hand", "Change by hand"),
        ("canceled", "canceled_at_shiphero", "By the warehouse"),
        ("canceled", "order_canceled_for_deleted_note", "Note deleted"),
    ],
)
def test_what_ended_otherwise_says_how(stage: str, code: str, fine_word: str) -> None:
    assert order_chip(stage, code).stage == fine_word


def test_every_finer_word_is_one_of_a_listed_reason() -> None:
    assert {code for _, code in FINER} <= set(REASONS)


def test_a_stage_unknown_here_is_shown_by_its_own_name() -> None:
    assert order_chip("being_repacked").stage == "Being repacked"

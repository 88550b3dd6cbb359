"""What is said when a part of the embedded system does not become ready."""

import sys
from pathlib import Path

import pytest

from deploy.embedded.free_ports import free_port
from deploy.embedded.parts import Part
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.waiting import NotReadyInTimeError


def test_a_part_that_ended_is_named_with_its_last_words(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('the port is taken')")
    part = Part(name="clock", command=command, port=free_port())

    with (
        pytest.raises(NotReadyInTimeError, match=r"(?s)clock has ended.*the port is taken"),
        Supervisor((part,), {}, tmp_path, ready_within=2),
    ):
        pytest.fail("it never became ready")

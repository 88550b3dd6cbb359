"""What a person who watches the terminal sees."""

import pytest
import structlog

from shared.log_lines import brief


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ({"event": "webhook.received", "level": "info", "source": "shiphero", "is_new": True},
         "webhook from ShipHero"),
        ({"event": "webhook.received", "level": "info", "source": "brightpearl", "is_new": False},
         "webhook from Brightpearl, a repetition"),
        ({"event": "sync_log.changed", "level": "info", "note_id": "7", "sentence": "Not sent"},
         "note 7  Not sent"),
        ({"event": "delivery.attempted", "level": "info", "event_name": "a.b", "subject": "7",
          "attempt": 2, "result": "retry", "reason_code": "busy"},
         "a.b 7, attempt 2: retry (busy)"),
        ({"event": "relay.swept", "level": "warning", "lost": 1}, "WARNING relay.swept  lost=1"),
        ({"event": "delivery.bug", "level": "error", "exception": "in x"},
         "ERROR delivery.bug\nin x"),
    ],
)  # fmt: skip
def test_a_line_is_short_and_says_what_happened(line: dict[str, object], shown: str) -> None:
    assert brief(None, "", line) == shown


@pytest.mark.parametrize(
    "line",
    [
        {"event": "process.settings", "level": "info"},
        {"event": "delivery.attempted", "level": "info", "result": "delivered"},
    ],
)
def test_what_is_told_elsewhere_is_left_out(line: dict[str, object]) -> None:
    with pytest.raises(structlog.DropEvent):
        brief(None, "", line)

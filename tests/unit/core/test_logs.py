"""Log lines: an allow-list of keys, the process's name on each, and no words of others."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[3]


def logged(script: str, log_format: str = "json") -> str:
    """Give what a process of its own writes: logging is set up once a process."""
    begin = f"""
        import threading, structlog
        from shared.logs import configure_logs
        configure_logs("tester", {log_format!r})
        log = structlog.get_logger()
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(begin) + dedent(script)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stderr


def test_a_key_that_nobody_allowed_is_left_out_and_named() -> None:
    line = json.loads(logged('log.info("x.happened", account="demo", email="ida@example.com")'))

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "x.happened", "level": "info", "service": "tester", "account": "demo",
        "left_out": ["email"],
    }  # fmt: skip


def test_a_bound_key_that_nobody_allowed_is_left_out_too() -> None:
    script = 'structlog.contextvars.bind_contextvars(token="abc"); log.info("x.happened")'

    line = json.loads(logged(script))

    assert line["left_out"] == ["token"]
    assert "abc" not in repr(line)


def test_a_line_from_another_thread_names_the_process_too() -> None:
    script = 't = threading.Thread(target=log.info, args=("x.happened",)); t.start(); t.join()'

    assert json.loads(logged(script))["service"] == "tester"


FAILURE = """
    def take(body):
        try:
            {}[body]
        except KeyError:
            raise ValueError(f"cannot take {body}")
    try:
        take("ida" + "@example.com")
    except ValueError as error:
        log.error("x.failed", exc_info=error)
"""


def test_an_error_tells_where_it_happened_but_none_of_its_words() -> None:
    line = json.loads(logged(FAILURE))

    assert "builtins.KeyError" in line["exception"]
    assert line["exception"].strip().endswith("builtins.ValueError")
    assert "in take" in line["exception"]
    assert "ida@example.com" not in line["exception"]


def test_a_terminal_shows_no_more_of_an_error_than_the_file() -> None:
    shown = logged(FAILURE, "pretty")

    assert "builtins.ValueError" in shown
    assert "in take" in shown
    assert "ida@example.com" not in shown


def test_libraries_are_heard_only_when_they_warn() -> None:
    script = """
        import logging
        logging.getLogger("library").info("small talk")
        logging.getLogger("library").warning("trouble")
        logging.getLogger("urllib3.connection").warning("could not read /in/very-secret")
    """

    assert logged(script) == "library: trouble\n"

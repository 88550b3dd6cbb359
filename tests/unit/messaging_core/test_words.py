"""The words that each end of an attempt gets: in logs, in the sync log, in the database."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from shared.clock import Pace
from shared.db.columns import UtcDateTime, Words
from shared.journal.verdict import Dead, Hold, Retry, WaitForBudget
from shared.messaging.result import Result, word_for
from shared.notes.key import NoteKey, read_key
from shared.notes.progress import Standing, standing_after
from shared.outcome import Busy, Delivered, Held, Skipped

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("result", "words", "standing"),
    [
        (Delivered(reference="1", summary="There."), ("delivered", ""), ("done", "", "There.")),
        (Skipped(code="echo", reason="Ours."), ("skipped", "echo"), ("skipped", "echo", "Ours.")),
        (
            Skipped(code="waiting_for_rest", reason="One is to come."),
            ("skipped", "waiting_for_rest"),
            ("waiting", "waiting_for_rest", "One is to come."),
        ),
        (
            Held(cause="warehouse_undecided:5", reason="Which?", settings_version=1),
            ("held", "warehouse_undecided"),
            ("held", "warehouse_undecided", "Which?"),
        ),
        (Hold(cause="c:v", code="c", reason="No."), ("held", "c"), ("held", "c", "No.")),
        (
            Retry(after=1, counts=True, code="c", reason="No."),
            ("retry", "c"),
            ("retrying", "c", "No."),
        ),
        (
            Retry(after=1, counts=True, code="checking", reason="Lost.", checking=True),
            ("retry", "checking"),
            ("checking", "checking", "Lost."),
        ),
        (
            WaitForBudget(until=NOON, code="out_of_budget", reason="Full."),
            ("wait_for_budget", "out_of_budget"),
            ("waiting_for_budget", "out_of_budget", "Full."),
        ),
        (Dead(code="bug", reason="Oh."), ("dead", "bug"), ("failed", "bug", "Oh.")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_end_has_its_words(
    result: Result, words: tuple[str, str], standing: tuple[str, str, str]
) -> None:
    stage, code, reason = standing

    assert word_for(result) == words
    assert standing_after(result) == Standing(stage=stage, code=code, reason=reason)


def test_a_busy_note_changes_nothing_for_the_merchant() -> None:
    busy = Busy(reason="Another works on it.")

    assert word_for(busy) == ("busy", "busy")
    assert standing_after(busy) is None


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_kept_words_can_be_kept_by_every_database(text: str) -> None:
    kept = Words().process_bind_param(text, sqlite.dialect())

    assert kept is not None
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert Words().process_bind_param(kept, sqlite.dialect()) == kept


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_words_without_odd_characters_are_kept_as_they_are(text: str) -> None:
    assert Words().process_bind_param(text, postgresql.dialect()) == text  # type: ignore[no-untyped-call]


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_as_the_same_moment(moment: datetime) -> None:
    column, dialect = UtcDateTime(), sqlite.dialect()

    kept = column.process_bind_param(moment, dialect)

    assert column.process_result_value(kept, dialect) == moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("GO-acme-7001", NoteKey(account="acme", note_id=7001)),
        ("GO-acme-7001.2", NoteKey(account="acme", note_id=7001, generation=2)),
        ("GO-a-b_c-1", NoteKey(account="a-b_c", note_id=1)),
        ("GO-acme-0", None),
        ("GO-acme-7001 ", None),
        ("GO-acme-7001\n", None),
        ("GO-Acme-7001", None),
        ("GO-acme-7001-8001", NoteKey(account="acme-7001", note_id=8001)),
        ("WEB-4001", None),
        ("", None),
    ],
)
def test_only_our_own_keys_are_read(text: str, key: NoteKey | None) -> None:
    assert read_key(text) == key


@given(
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True), st.integers(1, 10**9),
    st.integers(1, 50),
)  # fmt: skip
def test_a_key_is_read_back_as_it_was_written(account: str, note_id: int, generation: int) -> None:
    key = NoteKey(account=account, note_id=note_id, generation=generation)

    assert read_key(str(key)) == key


def test_the_pace_stretches_every_delay_alike() -> None:
    assert Pace(0.01).after(300).total_seconds() == 3.0

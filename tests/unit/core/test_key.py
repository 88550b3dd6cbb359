"""Our keys at ShipHero can be told from others' and read back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.notes.key import LARGEST_NOTE_ID, NoteKey, read_key

accounts = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,30}", fullmatch=True)
note_ids = st.integers(1, LARGEST_NOTE_ID)
generations = st.integers(1, 999)


@given(account=accounts, note_id=note_ids, generation=generations)
def test_a_key_is_read_back_as_it_was_written(account: str, note_id: int, generation: int) -> None:
    key = NoteKey(account=account, note_id=note_id, generation=generation)

    assert read_key(str(key)) == key


@given(text=st.text(alphabet="GO-acme0123456789._ ٣é\n", max_size=30))
def test_whatever_reads_as_a_key_is_written_like_it(text: str) -> None:
    key = read_key(text)

    assert key is None or str(key) == text


@given(text=st.text())
def test_no_text_of_others_breaks_the_reading(text: str) -> None:
    key = read_key(text)

    assert key is None or str(key) == text


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "4001",
        "GO-acme",
        "GO--7001",
        "GO-acme-0",
        "GO-acme-07001",
        "go-acme-7001",
        "GO-Acme-7001",
        "GO-acme-7001 ",
        "GO-acme-7001\n",
        "GO-acme-7001.0",
        "GO-acme-7001.1",
        "GO-acme-7001.02",
        "GO-acme-7001.x",
        "XGO-acme-7001",
        "GO-acme-7٣",
        f"GO-acme-{LARGEST_NOTE_ID + 1}",
        "GO-acme-" + "9" * 5000,
    ],
)
def test_what_we_did_not_write_is_not_ours(foreign: str) -> None:
    assert read_key(foreign) is None


@pytest.mark.parametrize("account", ["a-b", "acme-7001", "a-", "a--b", "1", "x_y-9"])
def test_an_account_code_with_dashes_keeps_its_note_apart(account: str) -> None:
    assert read_key(f"GO-{account}-12") == NoteKey(account=account, note_id=12)


@given(account=accounts, note_id=note_ids, row=st.integers(1, 10**9), generation=generations)
def test_a_line_key_names_its_row_and_is_no_order_key_of_the_note(
    account: str, note_id: int, row: int, generation: int
) -> None:
    key = NoteKey(account=account, note_id=note_id, generation=generation)

    line = key.line(row)

    assert line == f"{key}-{row}"
    assert read_key(line) != key


def test_a_deliberate_second_order_shows_its_generation() -> None:
    assert str(NoteKey(account="acme", note_id=7001, generation=2)) == "GO-acme-7001.2"

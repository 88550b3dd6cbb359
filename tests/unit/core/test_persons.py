"""By what a customer is found: whole values, however they are typed, by any key that is held."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.notes.persons import LONGEST, PersonDigests
from shared.secrets import new_key

OLD, NEW = new_key(), new_key()
ACCOUNT, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("Ida Moss", " ida  MOSS "),
        ("José García", "Jose Garcia"),
        ("Jose\u0301", "José"),
        ("Straße & Söhne", "STRASSE & SOHNE"),
        ("Ida@Example.com", "ida@example.com"),
        ("x" * LONGEST + "@long.example", "X" * LONGEST),
    ],
)
def test_a_customer_is_found_however_the_name_is_typed(told: str, typed: str) -> None:
    digests = PersonDigests(NEW)

    assert digests.kept(ACCOUNT, told) == set(digests.sought(ACCOUNT, typed))


def test_a_part_of_a_name_finds_nobody() -> None:
    digests = PersonDigests(NEW)

    assert digests.kept(ACCOUNT, "Ida Moss").isdisjoint(digests.sought(ACCOUNT, "Moss"))


def test_the_same_name_in_another_account_has_another_digest() -> None:
    digests = PersonDigests(NEW)

    assert digests.kept(ACCOUNT, "Ida Moss").isdisjoint(digests.kept(OTHER, "Ida Moss"))


def test_what_an_older_key_kept_is_found_while_it_is_held() -> None:
    before, rotated = PersonDigests(OLD), PersonDigests(f"{NEW}, {OLD}")

    kept = before.kept(ACCOUNT, "Ida Moss") | rotated.kept(ACCOUNT, "Ida Moss")

    assert kept == set(rotated.sought(ACCOUNT, "Ida Moss"))
    assert len(kept) == 2
    assert before.kept(ACCOUNT, "Ida Moss").isdisjoint(
        PersonDigests(NEW).sought(ACCOUNT, "Ida Moss")
    )


def test_nothing_is_kept_of_nothing() -> None:
    digests = PersonDigests(NEW)

    assert digests.kept(ACCOUNT, "", "  ") == frozenset()
    assert digests.sought(ACCOUNT, " ") == ()


@given(text=st.text(st.characters(), max_size=LONGEST + 9))
def test_whatever_a_vendor_writes_stops_nothing(text: str) -> None:
    digests = PersonDigests(NEW)

    assert digests.kept(ACCOUNT, "\ud800" + text)
    assert digests.kept(ACCOUNT, text) == set(digests.sought(ACCOUNT, text))

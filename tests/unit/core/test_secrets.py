"""Credentials at rest: sealed with the newest key, opened with any that is still held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.secrets import SecretBox, digest, new_key

OLD, NEW = new_key(), new_key()


@given(secret=st.text())
def test_what_is_sealed_can_be_opened(secret: str) -> None:
    box = SecretBox(NEW)

    assert box.open(box.seal(secret)) == secret


def test_what_is_sealed_does_not_show() -> None:
    assert "token-1" not in SecretBox(NEW).seal("token-1")


@given(secrets=st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=4))
def test_several_secrets_are_sealed_together(secrets: dict[str, str]) -> None:
    box = SecretBox(NEW)

    assert box.open_mapping(box.seal_mapping(secrets)) == secrets


def test_a_rotated_box_opens_the_old_and_seals_with_the_new() -> None:
    sealed_before = SecretBox(OLD).seal("token-1")
    rotated = SecretBox(f"{NEW}, {OLD}")

    assert rotated.open(sealed_before) == "token-1"
    assert SecretBox(NEW).open(rotated.seal("token-2")) == "token-2"


def test_a_key_removed_too_early_is_told_in_a_sentence() -> None:
    sealed = SecretBox(OLD).seal("token-1")

    with pytest.raises(ValueError, match="fits none of SECRET_KEYS: was a key removed too early"):
        SecretBox(NEW).open(sealed)


@pytest.mark.parametrize("broken", ["", "no token", "gAAAAA==", "é"], ids=range(4))
def test_a_damaged_column_is_told_in_a_sentence(broken: str) -> None:
    with pytest.raises(ValueError, match="fits none of SECRET_KEYS"):
        SecretBox(NEW).open(broken)


@pytest.mark.parametrize("keys", ["", "short", f"{NEW},", "é" * 44, f"{NEW};{OLD}"], ids=range(5))
def test_what_is_no_key_is_refused_without_showing_it(keys: str) -> None:
    with pytest.raises(ValueError, match="SECRET_KEYS holds something that is no Fernet") as raised:
        SecretBox(keys)

    assert NEW not in str(raised.value)


def test_a_secret_is_looked_up_by_a_digest_that_hides_it() -> None:
    assert digest("path-secret") == digest("path-secret") != digest("path-secret2")
    assert "path-secret" not in digest("path-secret")


def test_only_what_an_older_key_sealed_is_sealed_anew() -> None:
    box = SecretBox(f"{NEW},{OLD}")
    anew = box.anew(SecretBox(OLD).seal("token-1"))

    assert anew is not None
    assert SecretBox(NEW).open(anew) == "token-1"
    assert box.anew(anew) is None


def test_what_no_key_fits_is_never_sealed_anew() -> None:
    with pytest.raises(ValueError, match="fits none"):
        SecretBox(NEW).anew(SecretBox(OLD).seal("token-1"))

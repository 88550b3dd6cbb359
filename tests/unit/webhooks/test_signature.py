"""Only who holds the secret can sign a body."""

import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.webhooks.signature import matches


def signature(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


@given(body=st.binary(max_size=300), secret=st.text(min_size=1, max_size=50))
def test_a_body_fits_its_signature(body: bytes, secret: str) -> None:
    assert matches(body, signature(body, secret), secret)


@given(body=st.binary(max_size=50), other=st.binary(max_size=50))
def test_another_body_does_not_fit(body: bytes, other: bytes) -> None:
    assert matches(other, signature(body, "secret"), "secret") is (body == other)


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    assert not matches(b"body", text, "secret")


def test_a_known_pair_fits() -> None:
    known = "3pXtkfcZCCH9BrYjJT/k2A/9iUyaZg7ssfx8gdmdSIY="

    assert matches(b"{}", signature(b"{}", "key"), "key")
    assert not matches(b"{}", known, "another")


@pytest.mark.parametrize("cut", [" ", "="])
def test_a_signature_is_compared_whole(cut: str) -> None:
    assert not matches(b"{}", signature(b"{}", "key") + cut, "key")

"""What a token is made of."""

import pytest

from services.portal.tokens.token import digest_of, is_token, new_token


def test_a_token_is_known_by_its_beginning_and_never_the_same() -> None:
    first, second = new_token(), new_token()

    assert is_token(first)
    assert first != second
    assert digest_of(first) != digest_of(second)


@pytest.mark.parametrize("text", ["", "go_", "go_" + "x" * 42, "go_" + "x" * 44, "xx_" + "x" * 43])
def test_what_is_no_token_is_not_looked_for(text: str) -> None:
    assert not is_token(text)

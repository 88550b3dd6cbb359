"""What our fake, the sandbox and ShipHero promise alike about tokens."""

import pytest

from shared.errors import ConnectionBroken
from tests.contract.vendors.sides import TokensSide


def test_a_refresh_token_gives_an_access_token_for_weeks(tokens: TokensSide) -> None:
    got = tokens.tokens.refresh(tokens.refresh_token)

    assert tokens.opens(got.access_token)
    assert got.expires_in > 24 * 3600


def test_a_refresh_token_stays_good_unless_another_comes_back(tokens: TokensSide) -> None:
    got = tokens.tokens.refresh(tokens.refresh_token)

    again = tokens.tokens.refresh(got.refresh_token or tokens.refresh_token)

    assert tokens.opens(again.access_token)


def test_a_refresh_token_that_nobody_gave_is_refused(tokens: TokensSide) -> None:
    with pytest.raises(ConnectionBroken) as caught:
        tokens.tokens.refresh("nobody's token")

    assert caught.value.vendor == "shiphero"


def test_user_and_password_give_both_tokens(tokens: TokensSide) -> None:
    if not tokens.username:
        pytest.skip("set GOODSOUT_CONTRACT_SHIPHERO_USERNAME and _PASSWORD to log in with them")

    got = tokens.tokens.exchange_password(tokens.username, tokens.password)

    assert got.refresh_token
    assert tokens.opens(got.access_token)


def test_a_wrong_password_is_refused(tokens: TokensSide) -> None:
    with pytest.raises(ConnectionBroken):
        tokens.tokens.exchange_password("nobody@example.com", "wrong")


def test_an_access_token_that_nobody_gave_opens_nothing(tokens: TokensSide) -> None:
    assert not tokens.opens("nobody's token")

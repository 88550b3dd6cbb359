"""What our fake, the sandbox and Brightpearl promise alike about consent and tokens."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.errors import ConnectionBroken, OurTrouble, Permanent
from tests.contract.vendors.sides import ConsentSide


def test_the_consent_page_is_the_accounts_own(consent: ConsentSide) -> None:
    page = urlsplit(consent.oauth.consent_url(consent.account, consent.redirect_uri, "s/1"))

    asked = {name: value for name, [value] in parse_qs(page.query).items()}
    assert page.path.endswith(f"/authorize/{consent.account}")
    assert asked.pop("client_id")
    assert asked == {
        "response_type": "code", "redirect_uri": consent.redirect_uri, "state": "s/1",
    }  # fmt: skip


def test_a_code_that_nobody_gave_is_refused(consent: ConsentSide) -> None:
    with pytest.raises(ConnectionBroken) as caught:
        consent.oauth.exchange(consent.account, "nobody's code", consent.redirect_uri)

    assert caught.value.vendor == "brightpearl"


def test_a_refresh_token_that_nobody_gave_is_refused(consent: ConsentSide) -> None:
    with pytest.raises(ConnectionBroken):
        consent.oauth.refresh(consent.account, "nobody's token")


@pytest.mark.writes
def test_a_code_becomes_tokens_and_these_newer_ones(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)

    first = consent.oauth.exchange(consent.account, code, consent.redirect_uri)
    second = consent.oauth.refresh(consent.account, first.refresh_token)

    assert first.installation_instance_id
    assert second.refresh_token
    assert urlsplit(second.base_url).path == f"/public-api/{consent.account}"
    assert timedelta(0) < second.expires_at - consent.now() <= timedelta(days=7, minutes=1)
    assert consent.opens(second)


@pytest.mark.staged
def test_a_code_is_good_once(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)
    consent.oauth.exchange(consent.account, code, consent.redirect_uri)

    with pytest.raises(ConnectionBroken):
        consent.oauth.exchange(consent.account, code, consent.redirect_uri)


@pytest.mark.staged
def test_a_code_is_good_for_its_own_address_only(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)

    with pytest.raises(ConnectionBroken):
        consent.oauth.exchange(consent.account, code, "https://elsewhere.test/back")


@pytest.mark.staged
def test_a_host_that_is_not_on_the_list_gets_no_token(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)

    with pytest.raises(Permanent) as caught:
        consent.narrow.exchange(consent.account, code, consent.redirect_uri)

    assert caught.value.code == "foreign_host"


@pytest.mark.staged
def test_a_refresh_that_names_a_foreign_host_is_refused_too(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)
    granted = consent.oauth.exchange(consent.account, code, consent.redirect_uri)

    with pytest.raises(Permanent) as caught:
        consent.narrow.refresh(consent.account, granted.refresh_token)

    assert caught.value.code == "foreign_host"


@pytest.mark.staged
def test_an_app_with_a_wrong_secret_gets_no_token(consent: ConsentSide) -> None:
    code = consent.approve(consent.redirect_uri)

    with pytest.raises(OurTrouble, match="BRIGHTPEARL_CLIENT_SECRET"):
        consent.forged.exchange(consent.account, code, consent.redirect_uri)

"""Who gets in, and how the session is kept."""

import pytest
from pydantic import ValidationError
from sqlmodel import select
from structlog.testing import capture_logs

from services.portal.people.accounts import hashed, keep_user
from services.portal.settings import PortalSettings
from shared.db.user_tables import User
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    NOON,
    PASSWORD,
    Merchants,
    log_in,
    token_on,
)


def test_the_right_password_leads_to_the_start(merchants: Merchants) -> None:
    client = merchants.visitor()

    answer = log_in(client, EMAILS[FERNLEAF])

    assert answer.location == "/"
    assert "Fernleaf" in client.get("/sync-log").text


def test_an_address_is_known_in_any_case(merchants: Merchants) -> None:
    answer = log_in(merchants.visitor(), EMAILS[FERNLEAF].upper())

    assert answer.location == "/"


@pytest.mark.parametrize("email", [EMAILS[FERNLEAF], "nobody@fernleaf.example"])
def test_a_wrong_password_and_an_unknown_address_read_alike(
    merchants: Merchants, email: str
) -> None:
    page = log_in(merchants.visitor(), email, "wrong-password")

    assert "do not belong together" in page.text


def test_a_refused_log_in_is_logged_without_the_address(sqlite_merchants: Merchants) -> None:
    with capture_logs() as lines:
        log_in(sqlite_merchants.visitor(), EMAILS[FERNLEAF], "wrong-password")

    assert lines == [{"event": "portal.login_refused", "log_level": "warning"}]


def test_a_page_asks_a_visitor_to_log_in_and_then_goes_on_there(merchants: Merchants) -> None:
    client = merchants.visitor()

    answer = client.get("/sync-log?state=shipped")

    assert answer.location == "/login?next=/sync-log?state%3Dshipped"


def test_a_refresh_after_the_session_ended_reloads_the_page(sqlite_merchants: Merchants) -> None:
    answer = sqlite_merchants.visitor().get("/sync-log/live", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_form_without_its_token_is_refused(sqlite_merchants: Merchants, path: str) -> None:
    client = sqlite_merchants.viewer()

    page = client.post(path, data={"email": EMAILS[FERNLEAF], "password": PASSWORD})

    assert page.status_code == 400
    assert "open for too long" in page.text


def test_logging_out_ends_the_session(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()

    client.post("/logout", data={"csrf_token": token_on(client.get("/sync-log"))})

    assert client.get("/sync-log").status_code == 302


def test_a_disabled_person_does_not_get_in(sqlite_merchants: Merchants) -> None:
    disable(sqlite_merchants)

    page = log_in(sqlite_merchants.visitor(), EMAILS[FERNLEAF])

    assert page.status_code == 200


def test_behind_tls_the_cookie_is_bound_to_the_host(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.portal(secure_cookies=True).test_client()

    cookie = client.get("/login", base_url="https://portal.example").headers["Set-Cookie"]

    assert cookie.startswith("__Host-goodsout=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("path", ["/tf-rescue", "/tf-select", "/mf-recovery-codes"])
def test_what_the_library_brings_beside_is_not_open(sqlite_merchants: Merchants, path: str) -> None:
    assert sqlite_merchants.visitor().get(path).status_code == 403


def test_the_hint_stands_on_the_log_in_only_when_it_is_set(sqlite_merchants: Merchants) -> None:
    hinting = sqlite_merchants.portal(demo_hint="Demo: ann and tea").test_client()

    assert "Demo: ann and tea" in hinting.get("/login").text
    assert "Demo" not in sqlite_merchants.visitor().get("/login").text


def test_a_log_in_made_twice_is_one_with_the_newer_password(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        is_new = keep_user(
            session,
            account_code="fernleaf",
            email=EMAILS[FERNLEAF],
            password_hash=hashed(merchants.app, "another-password"),
            role="viewer",
            now=NOON,
        )
        session.commit()

    assert not is_new
    assert log_in(merchants.visitor(), EMAILS[FERNLEAF], "another-password").status_code == 302


def test_staff_are_made_by_command_and_stay_so(sqlite_merchants: Merchants) -> None:
    for is_staff in (True, False):
        with sqlite_merchants.open_session() as session:
            keep_user(
                session,
                account_code="fernleaf",
                email="op@fernleaf.example",
                password_hash="unused",
                role="viewer",
                now=NOON,
                is_staff=is_staff,
            )
            session.commit()

    with sqlite_merchants.open_session() as session:
        assert session.exec(select(User.is_staff).where(User.email == "op@fernleaf.example")).one()


def test_an_address_of_another_account_is_refused(sqlite_merchants: Merchants) -> None:
    with sqlite_merchants.open_session() as session, pytest.raises(ValueError, match="another"):
        keep_user(
            session,
            account_code="harbour",
            email=EMAILS[FERNLEAF],
            password_hash="unused",
            role="owner",
            now=NOON,
        )


def test_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ValidationError, match="secret_key"):
        PortalSettings(database_url="sqlite://", broker_url="memory://", secret_keys="x")


def disable(merchants: Merchants) -> None:
    with merchants.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE portal_user SET active = 0")

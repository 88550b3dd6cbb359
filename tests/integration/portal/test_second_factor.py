"""The second factor: switched on with an app's code, asked for at log-in, recovered from."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlmodel import select
from werkzeug.test import TestResponse

from services.portal.people.accounts import keep_user
from shared.connecting.rotation import SECOND_FACTORS, rotate
from shared.db.user_tables import User
from shared.secrets import SecretBox, new_key
from tests.integration.portal.mailbox import fill_in
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    KEY,
    NOON,
    Merchants,
    log_in,
    token_on,
)

_APP_KEY = re.compile(r'class="ids key">([A-Z2-7 -]+)<')
_VALIDATE = re.compile(r'action="(/your-log-in/second-factor/[^"]+)"')
_CODE = re.compile(r'<li class="ids">([0-9a-f-]+)</li>')


def test_a_log_in_asks_for_the_code_once_it_is_on(merchants: Merchants) -> None:
    app = switch_on(merchants.viewer())
    client = merchants.visitor()

    answer = log_in(client, EMAILS[FERNLEAF])
    outside = client.get("/sync-log").status_code
    entered = fill_in(client, "/login/code", code=app.generate().token)

    assert str(answer.location).startswith("/login/code")
    assert outside == 302
    assert entered.status_code == 302
    assert client.get("/sync-log").status_code == 200


def test_the_first_code_must_be_right_to_switch_it_on(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()
    page = fill_in(client, "/your-log-in/second-factor", setup="authenticator")

    send_code(client, page, "000000")

    assert user(sqlite_merchants).tf_primary_method is None
    assert log_in(sqlite_merchants.visitor(), EMAILS[FERNLEAF]).location == "/"


def test_a_code_lets_nobody_in_twice(merchants: Merchants) -> None:
    app = switch_on(merchants.viewer())
    code = app.generate().token
    first, second = merchants.visitor(), merchants.visitor()
    for client in (first, second):
        log_in(client, EMAILS[FERNLEAF])

    fill_in(first, "/login/code", code=code)
    page = fill_in(second, "/login/code", code=code)

    assert first.get("/sync-log").status_code == 200
    assert "That code is not right" in page.text


def test_a_recovery_code_lets_in_once(merchants: Merchants) -> None:
    owner = merchants.viewer()
    switch_on(owner)
    codes = make_codes(owner)
    client, again = merchants.visitor(), merchants.visitor()
    for one in (client, again):
        log_in(one, EMAILS[FERNLEAF])

    fill_in(client, "/login/recovery-code", code=codes[3].upper().replace("-", " "))
    page = fill_in(again, "/login/recovery-code", code=codes[3])

    assert client.get("/sync-log").status_code == 200
    assert "none of your unused recovery codes" in page.text
    assert "9 recovery codes unused" in client.get("/your-log-in").text


def test_what_is_kept_opens_nothing_by_itself(sqlite_merchants: Merchants) -> None:
    owner = sqlite_merchants.viewer()
    app = switch_on(owner)
    codes = make_codes(owner)

    kept = user(sqlite_merchants)

    assert app.base32_key not in str(kept.tf_totp_secret)
    assert not set(codes) & set(kept.mf_recovery_codes or ())


def test_rotated_keys_open_the_second_factor_still(merchants: Merchants) -> None:
    owner = merchants.viewer()
    app = switch_on(owner)
    [code, *_] = make_codes(owner)
    newest = new_key()

    told = list(rotate(merchants.open_session, SecretBox(f"{newest},{KEY}"), lambda *_: None))
    merchants.app = merchants.portal(secret_keys=newest)
    by_app, by_code = merchants.visitor(), merchants.visitor()
    for one in (by_app, by_code):
        log_in(one, EMAILS[FERNLEAF])
    fill_in(by_app, "/login/code", code=app.generate().token)
    fill_in(by_code, "/login/recovery-code", code=code)

    assert [one.renewed for one in told if one.kind == SECOND_FACTORS] == [1]
    assert by_app.get("/sync-log").status_code == 200
    assert by_code.get("/sync-log").status_code == 200


def test_switched_off_the_password_is_enough_and_the_codes_are_gone(merchants: Merchants) -> None:
    owner = merchants.viewer()
    switch_on(owner)
    make_codes(owner)

    fill_in(owner, "/your-log-in/second-factor", setup="disable")

    assert log_in(merchants.visitor(), EMAILS[FERNLEAF]).location == "/"
    assert not user(merchants).mf_recovery_codes


def test_who_lost_phone_and_codes_is_let_in_by_the_operator(merchants: Merchants) -> None:
    switch_on(merchants.viewer())
    with merchants.open_session() as session:
        keep_user(
            session,
            account_code="fernleaf",
            email=EMAILS[FERNLEAF],
            password_hash=user(merchants).password,
            role="owner",
            now=NOON,
            without_factor=True,
        )
        session.commit()

    assert log_in(merchants.visitor(), EMAILS[FERNLEAF]).location == "/"


def test_an_old_log_in_gives_the_password_again_before_it_changes(
    sqlite_merchants: Merchants,
) -> None:
    sqlite_merchants.app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)

    answer = sqlite_merchants.viewer().get("/your-log-in/second-factor")

    assert answer.location == "/verify?next=/your-log-in/second-factor"


def test_the_pages_say_nothing_inline(sqlite_merchants: Merchants) -> None:
    page = fill_in(sqlite_merchants.viewer(), "/your-log-in/second-factor", setup="authenticator")

    assert 'src="data:image/svg+xml;base64,' in page.text
    assert " style=" not in page.text


def switch_on(client: FlaskClient) -> TOTP:
    """Scan the code and type what the app shows; give the app."""
    page = fill_in(client, "/your-log-in/second-factor", setup="authenticator")
    found = _APP_KEY.search(page.text)
    assert found, page.text
    app = TOTP(found[1].replace("-", ""))
    answer = send_code(client, page, app.generate().token)
    assert answer.location == "/your-log-in"
    return app


def send_code(client: FlaskClient, page: TestResponse, code: str) -> TestResponse:
    found = _VALIDATE.search(page.text)
    assert found
    return client.post(found[1], data={"csrf_token": token_on(page), "code": code})


def make_codes(client: FlaskClient) -> list[str]:
    token = token_on(client.get("/your-log-in"))
    page = client.post("/your-log-in/recovery-codes", data={"csrf_token": token})
    codes = _CODE.findall(page.text)
    assert len(codes) == 10
    return codes


def user(merchants: Merchants) -> User:
    with merchants.open_session() as session:
        return session.exec(select(User).where(User.email == EMAILS[FERNLEAF])).one()

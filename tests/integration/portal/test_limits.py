"""Tries are limited by person and by address, for all processes together."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy import select

from services.portal.people.limiting import TRIES_AT_MOST
from shared.db.portal_tables import RateCount
from tests.integration.portal.mailbox import fill_in, letters
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    log_in,
    token_on,
)
from tests.integration.portal.test_second_factor import switch_on

HERE, THERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}


def test_wrong_passwords_are_counted_over_two_processes(merchants: Merchants) -> None:
    one, other = merchants.portal().test_client(), merchants.portal().test_client()
    answers = [fail(one if turn % 2 else other) for turn in range(TRIES_AT_MOST)]

    page = log_in(one, EMAILS[FERNLEAF])

    assert set(answers) == {200}
    assert page.status_code == 429
    assert "Wait five minutes" in page.text


def test_guesses_that_come_at_once_are_counted_all(merchants: Merchants) -> None:
    at_once = 3 * TRIES_AT_MOST
    forms = [form_of(merchants.visitor()) for _ in range(at_once)]
    together = Barrier(at_once, timeout=60)

    def guess(form: tuple[FlaskClient, dict[str, str]]) -> int:
        client, fields = form
        together.wait()
        return client.post("/login", data=fields).status_code

    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(guess, forms))

    assert Counter(answers) == {200: TRIES_AT_MOST, 429: at_once - TRIES_AT_MOST}


def test_a_right_password_takes_no_try_from_those_that_are_left(merchants: Merchants) -> None:
    client = merchants.visitor()
    for _ in range(TRIES_AT_MOST - 1):
        fail(client)
    log_in(client, EMAILS[FERNLEAF])

    assert [fail(merchants.visitor()) for _ in range(2)] == [200, 429]


def test_a_person_is_limited_from_wherever_it_is_tried(merchants: Merchants) -> None:
    fail_often(client_at(merchants, HERE), EMAILS[FERNLEAF])
    there = client_at(merchants, THERE)

    assert log_in(there, EMAILS[FERNLEAF]).status_code == 429
    assert log_in(there, EMAILS[HARBOUR]).location == "/"


def test_an_address_is_limited_whoever_is_tried(merchants: Merchants) -> None:
    here = client_at(merchants, HERE)
    for turn in range(TRIES_AT_MOST):
        fail(here, f"person{turn}@fernleaf.example")

    assert log_in(here, EMAILS[FERNLEAF]).status_code == 429
    assert log_in(client_at(merchants, THERE), EMAILS[FERNLEAF]).location == "/"


def test_after_five_minutes_it_goes_on_and_old_counts_are_gone(merchants: Merchants) -> None:
    client = merchants.visitor()
    fail_often(client, EMAILS[FERNLEAF])

    merchants.now = NOON + timedelta(minutes=5)
    fail(client, EMAILS[HARBOUR])

    assert log_in(client, EMAILS[FERNLEAF]).location == "/"
    with merchants.open_session() as session:
        ends = session.execute(select(RateCount.expires_at)).scalars().all()  # type: ignore[call-overload]
    assert min(ends) > merchants.now


def test_who_gets_it_right_is_never_limited(sqlite_merchants: Merchants) -> None:
    answers = {
        log_in(sqlite_merchants.visitor(), EMAILS[FERNLEAF]).status_code
        for _ in range(TRIES_AT_MOST + 2)
    }

    assert answers == {302}


def test_mails_to_an_address_are_limited(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.visitor()
    answers = [
        fill_in(client, "/reset", email=EMAILS[FERNLEAF]).status_code
        for _ in range(TRIES_AT_MOST + 1)
    ]

    assert answers == [200] * TRIES_AT_MOST + [429]
    assert len(letters(sqlite_merchants)) <= TRIES_AT_MOST


def test_codes_are_limited_whatever_browser_they_are_typed_in(merchants: Merchants) -> None:
    app = switch_on(merchants.viewer())
    for path in ("/login/code", "/login/recovery-code"):
        client = client_at(merchants, HERE)
        log_in(client, EMAILS[FERNLEAF])
        for _ in range(TRIES_AT_MOST):
            fill_in(client, path, code="nothing")
    there = client_at(merchants, THERE)
    log_in(there, EMAILS[FERNLEAF])

    answers = [
        fill_in(there, path, code=app.generate().token).status_code
        for path in ("/login/code", "/login/recovery-code")
    ]

    assert answers == [429, 429]


def test_behind_a_proxy_the_persons_own_address_counts(sqlite_merchants: Merchants) -> None:
    app = sqlite_merchants.portal(proxies=1)
    client = app.test_client()
    for turn in range(TRIES_AT_MOST):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7"
        fail(client, f"person{turn}@fernleaf.example")
    refused = log_in(client, EMAILS[FERNLEAF]).status_code
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.8"

    assert (refused, log_in(client, EMAILS[FERNLEAF]).location) == (429, "/")


def client_at(merchants: Merchants, address: dict[str, str]) -> FlaskClient:
    client = merchants.visitor()
    client.environ_base.update(address)
    return client


def form_of(client: FlaskClient) -> tuple[FlaskClient, dict[str, str]]:
    """Fill a visitor's log-in in, with a wrong password."""
    token = token_on(client.get("/login"))
    return client, {"csrf_token": token, "email": EMAILS[FERNLEAF], "password": "wrong-password"}


def fail(client: FlaskClient, email: str = EMAILS[FERNLEAF]) -> int:
    return log_in(client, email, "wrong-password").status_code


def fail_often(client: FlaskClient, email: str) -> None:
    for _ in range(TRIES_AT_MOST):
        fail(client, email)

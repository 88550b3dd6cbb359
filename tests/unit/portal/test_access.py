"""Who gets in: what each page needs, and what a token's check lets through."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect

from services.portal.frame.access import (
    Need,
    Room,
    TokenHolder,
    TokenRoom,
    admit,
    may,
    speak_as,
    viewer_account,
    viewer_name,
)

HOLDER = TokenHolder(account_id=UUID(int=1), name="Warehouse screen", scopes=frozenset())


def let_in(_endpoint: str) -> None:
    speak_as(HOLDER)


def forget(_endpoint: str) -> None:
    """Check nothing and speak as nobody."""


def show() -> str:
    return f"{viewer_account()} {viewer_name()} {may(Need.VIEWER)} {may(Need.OPERATOR)}"


def show_nobody() -> str:
    return "open"


def client_of(*rooms: Room) -> FlaskClient:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for-the-forms"
    CSRFProtect(app)
    admit(app, rooms, {})
    app.add_url_rule("/forgotten", "forgotten", show_nobody)
    return app.test_client()


def a_token_room(check: object = let_in) -> TokenRoom:
    room = TokenRoom("calls", __name__, url_prefix="/calls", check=check)  # type: ignore[arg-type]
    room.page("/do", show, Need.TOKEN, methods=("POST",))
    room.page("/open", show_nobody, Need.NOBODY)
    return room


def test_needs_contain_each_other_and_no_person_has_a_token_by_a_log_in() -> None:
    assert Need.VIEWER < Need.OPERATOR < Need.OWNER < Need.STAFF < Need.TOKEN


def test_an_endpoint_that_says_nothing_is_refused() -> None:
    assert client_of().get("/forgotten").status_code == 403


def test_a_program_is_answered_for_its_tokens_account_and_only_reads_as_a_person() -> None:
    answer = client_of(a_token_room()).post("/calls/do")

    assert answer.text == f"{HOLDER.account_id} token Warehouse screen True False"


def test_what_is_open_to_all_asks_the_check_nothing() -> None:
    def refuse(_endpoint: str) -> None:
        raise AssertionError

    assert client_of(a_token_room(refuse)).get("/calls/open").text == "open"


def test_a_check_that_says_nothing_lets_nobody_in() -> None:
    assert client_of(a_token_room(forget)).post("/calls/do").status_code == 401


def test_a_call_in_a_room_without_a_check_is_refused() -> None:
    room = Room("pages", __name__)
    room.page("/call", show, Need.TOKEN)

    assert client_of(room).get("/call").status_code == 403


@pytest.mark.parametrize("need", [Need.VIEWER, Need.OPERATOR, Need.OWNER, Need.STAFF])
def test_a_room_for_programs_has_no_pages_for_people(need: Need) -> None:
    # Its forms are not protected by their tokens, so none may hang on a session.
    with pytest.raises(ValueError, match="for programs"):
        a_token_room().page("/page", show_nobody, need)


def test_what_one_request_was_let_in_by_the_next_does_not_know() -> None:
    client = client_of(a_token_room(), a_page_that_asks())

    with client.application.app_context():
        client.post("/calls/do")
        page = client.get("/asks")

    assert page.status_code == 500


def a_page_that_asks() -> Room:
    room = Room("pages", __name__)
    room.page("/asks", show, Need.NOBODY)
    return room


def test_a_form_of_any_other_room_keeps_its_protection() -> None:
    room = Room("pages", __name__)
    room.act("/act", show_nobody, Need.NOBODY)

    assert client_of(room, a_token_room()).post("/act").status_code == 400

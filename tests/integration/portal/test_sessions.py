"""Log-ins are rows: listed, ended, and over after a time."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import col, select

from services.portal.people.sessions import IDLE, NOTED_EVERY
from shared.db.portal_tables import AuditEntry, PortalSession
from tests.integration.portal.mailbox import fill_in
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants, token_on


def test_a_person_sees_every_log_in_of_theirs_and_of_nobody_else(merchants: Merchants) -> None:
    merchants.viewer(HARBOUR)
    merchants.viewer()
    client = merchants.viewer()

    page = client.get("/your-log-in").text

    assert page.count('data-name="Browser"') == 2
    assert page.count("This one") == 1


def test_another_log_in_is_ended_and_is_out_at_its_next_request(merchants: Merchants) -> None:
    lost = merchants.viewer()
    [row] = rows(merchants)
    client = merchants.viewer()

    fill_in_at(client, f"/your-log-in/sessions/{row.id}/end")

    assert lost.get("/sync-log").status_code == 302
    assert client.get("/sync-log").status_code == 200
    assert acts(merchants) == ["session_ended"]


def test_all_others_are_ended_at_once(merchants: Merchants) -> None:
    others = [merchants.viewer(), merchants.viewer()]
    client = merchants.viewer()

    fill_in_at(client, "/your-log-in/sessions/end-others")

    assert [other.get("/sync-log").status_code for other in others] == [302, 302]
    assert client.get("/sync-log").status_code == 200


def test_nobody_ends_the_log_in_of_somebody_else(merchants: Merchants) -> None:
    theirs = merchants.viewer(HARBOUR)
    [row] = rows(merchants)

    fill_in_at(merchants.viewer(), f"/your-log-in/sessions/{row.id}/end")

    assert theirs.get("/sync-log").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_logging_out(sqlite_merchants: Merchants) -> None:
    client, thief = sqlite_merchants.viewer(), sqlite_merchants.visitor()
    cookie = client.get_cookie("goodsout")
    assert cookie
    client.post("/logout", data={"csrf_token": token_on(client.get("/sync-log"))})

    thief.set_cookie("goodsout", cookie.value)

    assert thief.get("/sync-log").status_code == 302


def test_a_log_in_ends_by_itself_when_nobody_uses_it(sqlite_merchants: Merchants) -> None:
    used, unused = sqlite_merchants.viewer(), sqlite_merchants.viewer()

    first = status_at(sqlite_merchants, used, IDLE - timedelta(seconds=1))
    then = [status_at(sqlite_merchants, one, IDLE) for one in (used, unused)]

    assert (first, then) == (200, [200, 302])


def test_when_somebody_was_seen_is_kept_every_five_minutes(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()
    status_at(sqlite_merchants, client, NOTED_EVERY - timedelta(seconds=1))
    soon = rows(sqlite_merchants)[0].seen_at
    status_at(sqlite_merchants, client, NOTED_EVERY)

    assert (soon, rows(sqlite_merchants)[0].seen_at) == (NOON, NOON + NOTED_EVERY)


def test_each_log_in_has_an_id_of_its_own(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()
    client.post("/logout", data={"csrf_token": token_on(client.get("/sync-log"))})

    fill_in(client, "/login", email=EMAILS[FERNLEAF], password="tea-for-two")

    kept = rows(sqlite_merchants)
    assert {row.ended_at for row in kept} == {NOON, None}
    assert len({row.id for row in kept}) == 2


def fill_in_at(client: FlaskClient, path: str) -> None:
    token = token_on(client.get("/your-log-in"))
    client.post(path, data={"csrf_token": token})


def status_at(merchants: Merchants, client: FlaskClient, after: timedelta) -> int:
    merchants.now = NOON + after
    return int(client.get("/sync-log").status_code)


def rows(merchants: Merchants) -> list[PortalSession]:
    with merchants.open_session() as session:
        return list(session.exec(select(PortalSession).order_by(col(PortalSession.ended_at))).all())


def acts(merchants: Merchants) -> list[str]:
    with merchants.open_session() as session:
        return list(session.exec(select(AuditEntry.act)).all())

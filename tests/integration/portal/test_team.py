"""Colleagues: invited, joining, given roles, removed; and what an owner cannot do."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from services.portal.people.accounts import keep_user
from services.portal.people.team_acts import Actor, RefusedError, change_role, remove
from shared.db.portal_tables import AuditEntry, Invitation
from shared.db.user_tables import User
from tests.integration.portal.mailbox import NEW_PASSWORD, fill_in, letters, link_in
from tests.integration.portal.merchants import (
    EMAILS,
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    _password_hash,
    log_in,
    token_on,
)

CARL = "carl@fernleaf.example"


def test_an_invited_colleague_joins_with_the_role_that_was_chosen(merchants: Merchants) -> None:
    owner, guest = merchants.viewer(), merchants.visitor()
    act(owner, "/team/invite", email=CARL, role="viewer")
    [letter] = letters(merchants)

    joined = fill_in(guest, link_in(letter), name="Carl Fern", password=NEW_PASSWORD)
    log_in(guest, CARL, NEW_PASSWORD)

    assert joined.location == "/login"
    page = guest.get("/team").text
    assert "Carl Fern" in page
    assert "Invite a colleague" not in page
    assert [entry.act for entry in trail(merchants)] == ["invited", "joined"]


def test_an_invitation_is_good_once_and_for_seven_days(merchants: Merchants) -> None:
    owner = merchants.viewer()
    act(owner, "/team/invite", email=CARL, role="operator")
    path = link_in(letters(merchants)[0])
    guest = merchants.visitor()
    before = guest.get(path).status_code
    merchants.now = NOON + timedelta(days=7)
    late = guest.get(path).status_code
    merchants.now = NOON + timedelta(days=7) - timedelta(seconds=1)
    fill_in(guest, path, name="Carl", password=NEW_PASSWORD)

    again = guest.get(path)

    assert (before, late, again.status_code) == (200, 404, 404)
    assert "not valid any more" in again.text


def test_a_withdrawn_or_repeated_invitation_leaves_the_earlier_link_dead(
    merchants: Merchants,
) -> None:
    owner, guest = merchants.viewer(), merchants.visitor()
    act(owner, "/team/invite", email=CARL, role="viewer")
    [row] = invitations(merchants)
    act(owner, f"/team/invitations/{row.id}/again")
    first, second = (link_in(letter) for letter in letters(merchants))
    resent = (guest.get(first).status_code, guest.get(second).status_code)

    act(owner, f"/team/invitations/{row.id}/withdraw")

    assert resent == (404, 200)
    assert guest.get(second).status_code == 404
    assert 'id="invited"' not in owner.get("/team").text


def test_an_address_with_a_log_in_is_told_so_and_its_inviter_is_not(merchants: Merchants) -> None:
    owner = merchants.viewer()
    answer = act(owner, "/team/invite", email=EMAILS[HARBOUR], role="viewer")
    [letter] = letters(merchants)

    page = merchants.visitor().get(link_in(letter))

    assert answer.location == "/team"
    assert "has a log-in to Goodsout already" in page.text
    assert "password" not in page.text.split("<main")[1].replace("Forgot the password", "")


@pytest.mark.parametrize(
    ("email", "role", "said"),
    [
        (EMAILS[FERNLEAF], "viewer", "in the team already"),
        ("carl at fernleaf", "viewer", "no e-mail address"),
        (CARL, "emperor", "Choose a role"),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(
    sqlite_merchants: Merchants, email: str, role: str, said: str
) -> None:
    page = act(sqlite_merchants.viewer(), "/team/invite", email=email, role=role)

    assert page.status_code == 400
    assert said in page.text
    assert letters(sqlite_merchants) == []


def test_a_changed_role_counts_at_once_and_is_in_the_trail(merchants: Merchants) -> None:
    owner, carl = merchants.viewer(), colleague(merchants)
    before = act(carl, "/team/invite", email="x@fernleaf.example", role="viewer").status_code

    act(owner, f"/team/{user_id(merchants, CARL)}/role", role="owner")

    assert before == 403
    assert "Invite a colleague" in carl.get("/team").text
    [entry] = trail(merchants)
    assert (entry.act, entry.subject, entry.before, entry.after) == (
        "role_changed",
        CARL,
        "operator",
        "owner",
    )


def test_who_is_removed_is_out_at_once_and_can_be_invited_again(merchants: Merchants) -> None:
    owner, carl = merchants.viewer(), colleague(merchants)
    path = f"/team/{user_id(merchants, CARL)}/remove"
    asked = owner.get(path).text

    act(owner, path)
    act(owner, "/team/invite", email=CARL, role="viewer")

    assert "is logged out everywhere" in asked
    assert carl.get("/sync-log").status_code == 302
    assert log_in(merchants.visitor(), CARL).status_code == 200
    assert [letter.to for letter in letters(merchants)] == [CARL]


@pytest.mark.parametrize("done", ["role", "remove"])
def test_the_last_owner_stays(merchants: Merchants, done: str) -> None:
    owner = merchants.viewer()
    colleague(merchants)

    act(owner, f"/team/{user_id(merchants, EMAILS[FERNLEAF])}/{done}", role="viewer")

    page = owner.get("/team").text
    assert "An account needs an owner" in page
    assert trail(merchants) == []


def test_two_owners_who_demote_each_other_at_once_leave_one(merchants: Merchants) -> None:
    colleague(merchants, role="owner")
    ids = [user_id(merchants, EMAILS[FERNLEAF]), user_id(merchants, CARL)]
    start, refused = Barrier(2), []

    def demote(other: int) -> None:
        actor = Actor(account_id=FERNLEAF, who=str(other), now=NOON)
        start.wait()
        try:
            with merchants.open_session() as session:
                change_role(session, actor, other, "viewer")
                session.commit()
        except RefusedError:
            refused.append(other)

    threads = [Thread(target=demote, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1


def test_people_of_another_account_are_out_of_reach(merchants: Merchants) -> None:
    owner = merchants.viewer()
    theirs = user_id(merchants, EMAILS[HARBOUR])

    for path in (f"/team/{theirs}/role", f"/team/{theirs}/remove"):
        act(owner, path, role="viewer")

    assert EMAILS[HARBOUR] not in owner.get("/team").text
    assert log_in(merchants.visitor(), EMAILS[HARBOUR]).location == "/"


def test_a_number_that_no_person_can_have_is_nobodys(merchants: Merchants) -> None:
    owner = merchants.viewer()

    answers = {owner.get(f"/team/{one}/remove").status_code for one in (2**31, 10**20)}

    assert answers == {404}


def test_removing_needs_the_account_itself(sqlite_merchants: Merchants) -> None:
    theirs = user_id(sqlite_merchants, EMAILS[HARBOUR])
    actor = Actor(account_id=FERNLEAF, who="ann", now=NOON)

    with sqlite_merchants.open_session() as session, pytest.raises(RefusedError):
        remove(session, actor, theirs)


def act(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = token_on(client.get("/team"))
    return client.post(path, data={"csrf_token": token, **fields})


def colleague(merchants: Merchants, role: str = "operator") -> FlaskClient:
    with merchants.open_session() as session:
        keep_user(
            session,
            account_code="fernleaf",
            email=CARL,
            password_hash=_password_hash(merchants.app),
            role=role,
            now=NOON,
        )
        session.commit()
    client = merchants.visitor()
    log_in(client, CARL)
    return client


def user_id(merchants: Merchants, email: str) -> int:
    with merchants.open_session() as session:
        found = session.exec(select(User.id).where(User.email == email)).one()
    assert found is not None
    return found


def invitations(merchants: Merchants) -> list[Invitation]:
    with merchants.open_session() as session:
        return list(session.exec(select(Invitation)).all())


def trail(merchants: Merchants, account_id: UUID = FERNLEAF) -> list[AuditEntry]:
    with merchants.open_session() as session:
        query = select(AuditEntry).where(AuditEntry.account_id == account_id)
        return list(session.exec(query.order_by(col(AuditEntry.id))).all())

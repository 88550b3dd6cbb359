"""Who gets a kind of mail: as they chose, else by their role."""

import pytest
from sqlmodel import Session, col, select

from services.portal.people.accounts import new_user
from shared.db.user_tables import User
from shared.notifications import (
    CONNECTION_BROKEN,
    DAILY_REPORT,
    OPERATOR,
    OWNER,
    VIEWER,
    choose_kinds,
    people_wanting,
)
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants

ANN, OLA, VIC = "ann@fernleaf.example", "ola@fernleaf.example", "vic@fernleaf.example"


@pytest.fixture
def staffed(merchants: Merchants) -> Merchants:
    """Give Fernleaf an operator and a viewer beside its owner."""
    _join(merchants, OLA, OPERATOR)
    _join(merchants, VIC, VIEWER)
    return merchants


def test_without_a_choice_owners_get_all_and_operators_what_failed(staffed: Merchants) -> None:
    assert _emails(staffed, DAILY_REPORT) == [ANN]
    assert _emails(staffed, CONNECTION_BROKEN) == [ANN, OLA]


def test_a_choice_counts_before_the_role(staffed: Merchants) -> None:
    _choose(staffed, ANN, is_wanted=False)
    _choose(staffed, VIC, is_wanted=True)

    assert _emails(staffed, DAILY_REPORT) == [VIC]


def test_nobody_of_another_account_is_among_them(staffed: Merchants) -> None:
    with staffed.open_session() as session:
        found = people_wanting(session, HARBOUR, DAILY_REPORT)

    assert [one.email for one in found] == ["bob@harbour.example"]


def test_who_has_not_confirmed_an_address_gets_no_mail(merchants: Merchants) -> None:
    _join(merchants, OLA, OWNER, is_confirmed=False)

    assert _emails(merchants, DAILY_REPORT) == [ANN]


def test_who_was_switched_off_gets_no_mail(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        _user(session, ANN).active = False
        session.commit()

    assert _emails(merchants, DAILY_REPORT) == []


def test_a_kind_that_nobody_can_choose_is_refused(merchants: Merchants) -> None:
    with merchants.open_session() as session, pytest.raises(ValueError, match="no kind of mail"):
        people_wanting(session, FERNLEAF, "weather")


def _emails(merchants: Merchants, kind: str) -> list[str]:
    with merchants.open_session() as session:
        return [one.email for one in people_wanting(session, FERNLEAF, kind)]


def _join(merchants: Merchants, email: str, role: str, *, is_confirmed: bool = True) -> None:
    with merchants.open_session() as session:
        new_user(
            session,
            FERNLEAF,
            email=email,
            password_hash="-",
            role=role,
            now=NOON,
            is_confirmed=is_confirmed,
        )
        session.commit()


def _choose(merchants: Merchants, email: str, *, is_wanted: bool) -> None:
    with merchants.open_session() as session:
        user_id = _user(session, email).id
        assert user_id is not None
        choose_kinds(session, FERNLEAF, user_id, {DAILY_REPORT: is_wanted})
        session.commit()


def _user(session: Session, email: str) -> User:
    return session.exec(select(User).where(col(User.email) == email)).one()

"""The page Team shows whose mail comes back, and has it sent again."""

from uuid import uuid4

import pytest

from shared.bounces import PAUSED_AFTER, Bounce, count_bounce, paused
from tests.integration.portal.merchants import EMAILS, FERNLEAF, NOON, Merchants
from tests.integration.portal.test_team import act, trail, user_id

ANN = EMAILS[FERNLEAF]


def come_back(merchants: Merchants, times: int) -> None:
    bounce = Bounce(
        account_id=FERNLEAF, email=ANN, code=550, sentence="The mail server refused the recipient."
    )
    with merchants.open_session() as session:
        for _ in range(times):
            count_bounce(session, bounce, event_id=uuid4(), now=NOON)
        session.commit()


@pytest.mark.parametrize(("times", "said"), [(1, "Mail came back"), (PAUSED_AFTER, "Mail paused")])
def test_the_team_page_says_whose_mail_comes_back(
    sqlite_merchants: Merchants, times: int, said: str
) -> None:
    come_back(sqlite_merchants, times)

    page = sqlite_merchants.viewer().get("/team")

    assert said in page.text
    assert "The mail server refused the recipient." in page.text


def test_without_a_bounce_there_is_nothing_to_press(sqlite_merchants: Merchants) -> None:
    assert "Send mail there again" not in sqlite_merchants.viewer().get("/team").text


def test_a_person_has_mail_sent_there_again(merchants: Merchants) -> None:
    come_back(merchants, PAUSED_AFTER)
    owner = merchants.viewer()

    act(owner, f"/team/{user_id(merchants, ANN)}/mail-again")

    with merchants.open_session() as session:
        assert paused(session, FERNLEAF) == set()
    assert "Mail paused" not in owner.get("/team").text
    [entry] = trail(merchants)
    assert (entry.act, entry.subject) == ("mail_sent_again", ANN)

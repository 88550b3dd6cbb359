"""Registering, confirming, and a forgotten password."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from shared.db.account_tables import Account
from shared.db.portal_tables import AuditEntry
from shared.db.user_tables import User
from tests.integration.portal.mailbox import NEW_PASSWORD, fill_in, letters, link_in, register
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants, log_in

EVE = "eve@orchard.example"


def test_who_registers_and_confirms_owns_an_account_of_their_own(merchants: Merchants) -> None:
    client = merchants.visitor()
    register(client)
    [letter] = letters(merchants)

    client.get(link_in(letter))
    answer = log_in(client, EVE, NEW_PASSWORD)

    assert answer.location == "/"
    assert "Orchard &amp; Sons Ltd" in client.get("/team").text
    assert [entry.act for entry in trail(merchants)] == ["registered", "confirmed"]


def test_nobody_gets_in_before_confirming(merchants: Merchants) -> None:
    client = merchants.visitor()
    register(client)

    page = log_in(client, EVE, NEW_PASSWORD)

    assert "confirm your e-mail address first" in page.text
    assert client.get("/sync-log").status_code == 302


def test_an_address_that_has_a_log_in_is_answered_like_a_new_one(merchants: Merchants) -> None:
    new, known = merchants.visitor(), merchants.visitor()
    told = (register(new), register(known, EMAILS[FERNLEAF]))
    pages = (new.get("/login").text, known.get("/login").text.replace(EMAILS[FERNLEAF], EVE))

    assert told[0].location == told[1].location
    assert without_tokens(pages[0]) == without_tokens(pages[1])
    assert [letter.to for letter in letters(merchants)] == [EVE, EMAILS[FERNLEAF]]
    assert codes(merchants) == {"fernleaf", "harbour", "orchardsons"}


def test_registering_twice_before_confirming_makes_one_account(merchants: Merchants) -> None:
    register(merchants.visitor())
    register(merchants.visitor())

    assert codes(merchants) == {"fernleaf", "harbour", "orchardsons"}


def test_a_company_of_the_same_name_gets_another_code(sqlite_merchants: Merchants) -> None:
    register(sqlite_merchants.visitor())
    register(sqlite_merchants.visitor(), "adam@orchard.example")

    assert {"orchardsons", "orchardsons2"} < codes(sqlite_merchants)


@pytest.mark.parametrize("password", ["short", "password1234", "eve.orchard1"])
def test_a_password_that_is_tried_first_is_refused(
    sqlite_merchants: Merchants, password: str
) -> None:
    page = fill_in(
        sqlite_merchants.visitor(),
        "/register",
        company="Orchard",
        name="Eve Orchard",
        email=EVE,
        password=password,
    )

    assert 'aria-invalid="true"' in page.text
    assert letters(sqlite_merchants) == []


@pytest.mark.parametrize("path", ["/confirm/forged", "/reset/forged"])
def test_a_forged_link_leads_to_where_a_new_one_is_asked(
    sqlite_merchants: Merchants, path: str
) -> None:
    client = sqlite_merchants.visitor()

    page = client.get(path, follow_redirects=True)

    assert "not valid any more" in page.text


def test_an_old_link_confirms_nothing(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.visitor()
    register(client)
    sqlite_merchants.app.config["SECURITY_CONFIRM_EMAIL_WITHIN"] = timedelta(seconds=-1)

    page = client.get(link_in(letters(sqlite_merchants)[0]), follow_redirects=True)

    assert "not valid any more" in page.text
    assert log_in(client, EVE, NEW_PASSWORD).status_code == 200


def test_links_lead_to_our_address_whatever_a_request_calls_us(sqlite_merchants: Merchants) -> None:
    app = sqlite_merchants.portal(portal_url="https://portal.goodsout.example")
    client = app.test_client()
    page = client.get("/reset", base_url="http://evil.example")
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]

    client.post(
        "/reset",
        base_url="http://evil.example",
        data={"csrf_token": token, "email": EMAILS[FERNLEAF]},
    )

    [letter] = letters(sqlite_merchants)
    assert "https://portal.goodsout.example/reset/" in letter.text
    assert "evil" not in letter.text + letter.html


def test_a_forgotten_password_is_set_anew_and_ends_every_log_in(merchants: Merchants) -> None:
    elsewhere, client = merchants.viewer(), merchants.visitor()
    fill_in(client, "/reset", email=EMAILS[FERNLEAF])
    path = link_in(letters(merchants)[0])

    answer = fill_in(client, path, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)

    assert answer.location == "/login"
    assert elsewhere.get("/sync-log").status_code == 302
    assert log_in(merchants.visitor(), EMAILS[FERNLEAF], PASSWORD).status_code == 200
    assert log_in(merchants.visitor(), EMAILS[FERNLEAF], NEW_PASSWORD).location == "/"
    assert "was changed" in letters(merchants)[-1].subject


def test_a_reset_link_works_once(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.visitor()
    fill_in(client, "/reset", email=EMAILS[FERNLEAF])
    path = link_in(letters(sqlite_merchants)[0])
    fill_in(client, path, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)

    page = client.get(path, follow_redirects=True)

    assert "not valid any more" in page.text


def test_an_unknown_address_is_answered_like_a_known_one_and_gets_no_mail(
    sqlite_merchants: Merchants,
) -> None:
    client = sqlite_merchants.visitor()

    page = fill_in(client, "/reset", email="nobody@orchard.example")

    assert "a mail is on its way to nobody@orchard.example" in page.text
    assert letters(sqlite_merchants) == []


def test_a_lost_confirmation_is_made_good_by_a_new_password(merchants: Merchants) -> None:
    client = merchants.visitor()
    register(client)
    fill_in(client, "/reset", email=EVE)
    path = link_in(letters(merchants)[-1])

    fill_in(client, path, password=NEW_PASSWORD + "!", password_confirm=NEW_PASSWORD + "!")

    assert log_in(client, EVE, NEW_PASSWORD + "!").location == "/"


def test_a_changed_password_leaves_only_this_log_in(merchants: Merchants) -> None:
    elsewhere, client = merchants.viewer(), merchants.viewer()

    fill_in(
        client,
        "/your-log-in/password",
        password=PASSWORD,
        new_password=NEW_PASSWORD,
        new_password_confirm=NEW_PASSWORD,
    )

    assert elsewhere.get("/sync-log").status_code == 302
    page = client.get("/your-log-in")
    assert page.text.count('data-name="Browser"') == 1


def codes(merchants: Merchants) -> set[str]:
    with merchants.open_session() as session:
        return set(session.exec(select(Account.code)).all())


def trail(merchants: Merchants) -> list[AuditEntry]:
    with merchants.open_session() as session:
        account = session.exec(select(User.account_id).where(User.email == EVE)).one()
        query = select(AuditEntry).where(AuditEntry.account_id == account)
        return list(session.exec(query.order_by(col(AuditEntry.id))).all())


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)

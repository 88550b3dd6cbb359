"""The mails that Flask-Security wants sent, in our words and through the journal."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, current_app, url_for
from flask_security import MailUtil

from services.portal.people import letters
from services.portal.people.store import commit_with_page, people_session
from shared.clock import Now
from shared.db.account_tables import Account
from shared.mails import Notice, Post, to_letter
from shared.secrets import SecretBox, digest

if TYPE_CHECKING:
    from shared.db.user_tables import User

MAILING: Final = "goodsout.mailing"
CONFIRMATION, RESET = "confirmation_token", "reset_token"

# By Flask-Security's name of the mail: our words, and which token their link carries.
_CONFIRM: Final = (letters.confirmation, "security.confirm_email", CONFIRMATION)
_MAILS: Final[Mapping[str, tuple[Callable[[str], Notice], str, str]]] = {
    "welcome": _CONFIRM,
    "confirmation_instructions": _CONFIRM,
    "welcome_existing": (letters.known_already, "security.reset_password", RESET),
    "reset_instructions": (letters.reset, "security.reset_password", RESET),
    "reset_notice": (letters.password_changed, "security.forgot_password", ""),
    "change_notice": (letters.password_changed, "security.forgot_password", ""),
}


class Mailing:
    """What mails are made with: links lead to `portal_url`, whatever a request calls us."""

    def __init__(self, portal_url: str, box: SecretBox, now: Now) -> None:
        self.portal_url = portal_url
        self.box = box
        self.now = now

    def address_of(self, endpoint: str, **values: Any) -> str:
        """Give the full address of a page."""
        return f"{self.portal_url}{url_for(endpoint, **values)}"

    def post_of(self, account: Account) -> Post:
        """Give what records an account's mails."""
        return Post(account_id=account.id, code=account.code, box=self.box)


class PeopleMail(MailUtil):
    """Records each mail beside what caused it, instead of sending it."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)

    def send_mail(
        self,
        template: str,
        subject: str,  # noqa: ARG002 - ours says its own
        recipient: str | tuple[str, str],  # noqa: ARG002 - always the user's
        sender: str | tuple[str, str],  # noqa: ARG002 - the notifier knows
        body: str | None,  # noqa: ARG002 - ours says its own
        html: str | None,  # noqa: ARG002 - as above
        **known: Any,
    ) -> None:
        """Have our mail of that name sent, once for each link."""
        user: User = known["user"]
        kind = template.rpartition("/")[2]
        if kind == "welcome_existing" and known.get(CONFIRMATION):
            kind = "welcome"  # the second registration before the first was confirmed
        notice, endpoint, token = _MAILS[kind]
        mailing: Mailing = current_app.extensions[MAILING]
        values = {"token": known[token]} if token else {}
        link = mailing.address_of(endpoint, **values)
        session, now = people_session(), mailing.now()
        mailing.post_of(session.get_one(Account, user.account_id)).request(
            session,
            to_letter(notice(link), to=user.email),
            kind=kind,
            about=f"user {user.id}",
            once_for=digest(str(known[token])) if token else f"{user.id}:{now.isoformat()}",
            now=now,
        )
        commit_with_page()

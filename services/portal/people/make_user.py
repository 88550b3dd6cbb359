"""`python -m services.portal.people.make_user`: give a person a log-in; safe to repeat."""

import argparse
import os
import sys

from services.portal.app import create_app
from services.portal.people.accounts import ROLES, hashed, keep_user
from services.portal.settings import PortalSettings
from shared.clock import utc_now
from shared.db.engine import open_engine, session_maker
from shared.settings import settings_from_environment


def main() -> int:
    """Read the command line, make the log-in, say what was done."""
    wanted = _arguments()
    # The one setting whose name is chosen on the command line: a password must not stand there.
    password = os.environ.get(wanted.password_from_env, "")
    if not password:
        _complain(f"{wanted.password_from_env} is not set; it should hold the password")
        return 2
    settings = settings_from_environment(PortalSettings)
    engine = open_engine(settings.database_url)
    password_hash = hashed(create_app(settings, engine), password)
    try:
        with session_maker(engine)() as session:
            is_new = keep_user(
                session,
                account_code=wanted.account,
                email=wanted.email,
                password_hash=password_hash,
                role=wanted.role,
                now=utc_now(),
                is_staff=wanted.staff,
                without_factor=wanted.without_second_factor,
            )
            session.commit()
    except (LookupError, ValueError) as error:
        _complain(f"No log-in was made: {error}")
        return 1
    print("The log-in was made." if is_new else "The log-in was there; its password is set.")  # noqa: T201 - a command speaks on the terminal
    return 0


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make_user", description=__doc__)
    parser.add_argument("--account", required=True, help="the account's code")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password-from-env", required=True, metavar="NAME",
                        help="the environment variable that holds the password")  # fmt: skip
    parser.add_argument("--role", default="owner", choices=ROLES)
    parser.add_argument("--staff", action="store_true",
                        help="they run the installation: they see all accounts too")  # fmt: skip
    parser.add_argument("--without-second-factor", action="store_true",
                        help="for somebody who lost phone and codes")  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

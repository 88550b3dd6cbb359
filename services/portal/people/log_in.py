"""Logging in and out, with Flask-Security over our own tables."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, cast

from flask import Flask, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security, url_for_security
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from services.portal.frame.access import Need
from services.portal.people.following import follow_people
from services.portal.people.forms import (
    FactorForm,
    ForgottenForm,
    LogInForm,
    RegisterForm,
    RescueForm,
)
from services.portal.people.limiting import limit_tries
from services.portal.people.mailing import MAILING, Mailing, PeopleMail
from services.portal.people.passwords import SHORTEST, Passwords
from services.portal.people.second_factor import (
    A_STEP_EARLY_OR_LATE,
    CLOCK,
    ISSUER,
    KEYS,
    RECOVERY_CODES,
    AppCodes,
    RecoveryCodes,
)
from services.portal.people.sessions import LONGEST
from services.portal.people.store import leave_before_others_write, open_people
from services.portal.people.words import REGISTERED, messages
from services.portal.settings import PortalSettings
from shared.clock import Now
from shared.secrets import SecretBox

# Who may reach Flask-Security's own pages; what is not named here cannot be reached.
LOG_IN_NEEDS: Final = {
    **dict.fromkeys(
        (
            "security.login", "security.logout", "security.register",
            "security.send_confirmation", "security.confirm_email", "security.forgot_password",
            "security.reset_password", "security.two_factor_token_validation",
            "security.mf_recovery",
        ),
        Need.NOBODY,
    ),
    **dict.fromkeys(
        (
            "security.verify", "security.change_password", "security.two_factor_setup",
            "security.two_factor_setup_validate",
        ),
        Need.VIEWER,
    ),
}  # fmt: skip

FRESH_FOR: Final = timedelta(minutes=30)


def guard(app: Flask, settings: PortalSettings, engine: Engine, now: Now) -> None:
    """Configure people's pages, sessions, passwords, limits and CSRF."""
    app.config.update(_configuration(settings, now), **messages())
    CSRFProtect(app)
    # Before the library looks the person up: what counts tries has a transaction of its own.
    limit_tries(app, engine, now)
    people = open_people(app, engine, now)
    security = Security(
        app,
        people,
        login_form=LogInForm,
        register_form=RegisterForm,
        forgot_password_form=ForgottenForm,
        two_factor_setup_form=FactorForm,
        two_factor_rescue_form=RescueForm,
        mail_util_cls=PeopleMail,
        password_util_cls=Passwords,
        totp_cls=AppCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    security.unauthn_handler(_ask_to_log_in)
    box = SecretBox(settings.secret_keys.get_secret_value())
    app.extensions[MAILING] = Mailing(settings.portal_url, box, now)
    follow_people(app, people, engine, now)
    leave_before_others_write(app, people)
    register = app.view_functions["security.register"]
    app.view_functions["security.register"] = _one_at_a_time(register)


def _configuration(settings: PortalSettings, now: Now) -> dict[str, Any]:
    secure = settings.secure_cookies
    keys = settings.secret_keys.get_secret_value()
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": "__Host-goodsout" if secure else "goodsout",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": LONGEST,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_PASSWORD_SALT": settings.security_password_salt.get_secret_value(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        # Of what stands in links: the address, and a salted hash. Slow hashing would gain nothing.
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
        "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS": FRESH_FOR,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH_FOR,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        # A joined query read as one row would give a user's first role only.
        "SECURITY_JOIN_USER_ROLES": False,
        # Addresses are checked for their form when a user is made, not by DNS at log-in.
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        # Our own words are written where mails are recorded.
        "SECURITY_EMAIL_PLAINTEXT": False,
        "SECURITY_EMAIL_HTML": False,
        **_ways(),
        **_second_factor(keys, now),
    }


def _ways() -> dict[str, Any]:
    return {
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(days=2),
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_POST_REGISTER_VIEW": "/login",
        "SECURITY_POST_CHANGE_VIEW": "/your-log-in",
    }


def _second_factor(keys: str, now: Now) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": A_STEP_EARLY_OR_LATE,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/your-log-in",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/your-log-in/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/login/recovery-code",
        "SECURITY_CHANGE_URL": "/your-log-in/password",
        "SECURITY_TOTP_ISSUER": ISSUER,
        "SECURITY_TOTP_SECRETS": {KEYS: keys, CLOCK: now},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [key.strip() for key in keys.split(",")],
    }


def _ask_to_log_in(_mechanisms: list[str], headers: dict[str, str] | None = None) -> Response:  # noqa: ARG001 - Flask-Security passes both
    """Send a person to the log-in; a page that only refreshes itself is told to reload."""
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Refresh": "true"})
    to_log_in = redirect(url_for_security("login", next=request.full_path.rstrip("?")))
    return cast("Response", to_log_in)


def _one_at_a_time(register: Callable[..., Any]) -> Callable[..., Any]:
    """Answer the second of two registrations at once as if it had come later."""

    def register_once() -> ResponseReturnValue:
        try:
            return cast("ResponseReturnValue", register())
        except IntegrityError:
            flash(REGISTERED % {"email": request.form.get("email", "")}, "success")
            return redirect(url_for("security.login"))

    return register_once

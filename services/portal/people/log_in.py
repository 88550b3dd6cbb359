"""Logging in and out, with Flask-Security over our own tables."""

from collections.abc import Callable
from typing import Any, Final, cast

import structlog
from flask import Flask, Response, redirect, request
from flask_security import Security, SQLAlchemySessionUserDatastore, url_for_security
from flask_security.forms import LoginForm
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlmodel import Session

from services.portal.frame.access import Need
from services.portal.settings import PortalSettings
from shared.db.user_tables import Role, User

# Who may reach Flask-Security's own pages.
LOG_IN_NEEDS: Final = {"security.login": Need.NOBODY, "security.logout": Need.NOBODY}

WRONG = "That e-mail address and password do not belong together. Please try again."

log = structlog.get_logger()


class LogInForm(LoginForm):
    """Flask-Security's form without "remember me"; a refusal is logged, the address is not."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Check the address and password together."""
        accepted = bool(super().validate(**kwargs))
        if not accepted:
            log.warning("portal.login_refused")
        return accepted


def guard(app: Flask, settings: PortalSettings, engine: Engine) -> None:
    """Configure sessions, passwords and CSRF, and add the routes /login and /logout."""
    app.config.update(_configuration(settings))
    CSRFProtect(app)
    # Marked as reading: on SQLite every page would else queue for the write lock. The rare write,
    # a password hashed anew with newer parameters, still works.
    reading = engine.execution_options(reading=True)
    sessions = scoped_session(sessionmaker(bind=reading, class_=Session, expire_on_commit=False))
    users = SQLAlchemySessionUserDatastore(sessions, User, Role)
    security = Security(app, users, login_form=LogInForm)
    security.unauthn_handler(_ask_to_log_in)
    app.teardown_appcontext(_closing(sessions))


def _configuration(settings: PortalSettings) -> dict[str, Any]:
    secure = settings.secure_cookies
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": "__Host-goodsout" if secure else "goodsout",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_PATH": "/",
        "SECURITY_PASSWORD_SALT": settings.security_password_salt.get_secret_value(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_FLASH_MESSAGES": False,
        # One sentence whatever was wrong, so that nobody can find out who has a log-in.
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (WRONG, "error"),
        # A joined query read as one row would give a user's first role only.
        "SECURITY_JOIN_USER_ROLES": False,
        # Addresses are checked for their form when a user is made, not by DNS at log-in.
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    }


def _ask_to_log_in(_mechanisms: list[str], headers: dict[str, str] | None = None) -> Response:  # noqa: ARG001 - Flask-Security passes both
    """Send a person to the log-in; a page that only refreshes itself is told to reload."""
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Refresh": "true"})
    to_log_in = redirect(url_for_security("login", next=request.full_path.rstrip("?")))
    return cast("Response", to_log_in)


def _closing(sessions: scoped_session[Session]) -> Callable[[BaseException | None], None]:
    def close(_error: BaseException | None) -> None:
        sessions.remove()

    return close

"""Flask-Security's forms, with the fields and rules of ours."""

from typing import Any, Final

import structlog
from flask_security import (
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
)
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from services.portal.people.passwords import problem_with

LONGEST_NAME: Final = 100

log = structlog.get_logger()


def plain(text: str | None) -> str:
    """Give what was typed on one line, without spaces around."""
    return " ".join((text or "").split())


def name_field(label: str) -> StringField:
    """Give a field for a name of a person or company."""
    return StringField(
        label,
        filters=[plain],
        validators=[
            DataRequired("Please fill this in."),
            Length(max=LONGEST_NAME, message=f"Please use at most {LONGEST_NAME} characters."),
        ],
    )


class LogInForm(LoginForm):
    """Without "remember me"; a refusal is logged, the address is not.

    Whoever has the right password is told that the address is still to be confirmed.
    """

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Check the address and password together."""
        accepted = bool(super().validate(**kwargs))
        if not accepted:
            log.warning("portal.login_refused")
        return accepted


class RegisterForm(RegisterFormV2):
    """With the person's and the company's name."""

    name = name_field("Your name")
    company = name_field("Company")

    def validate(self, **kwargs: Any) -> bool:
        """Check every field, the password against the names too."""
        accepted = bool(super().validate(**kwargs))
        if self.password.data and not self.password.errors:
            problem = problem_with(self.password.data, about=[self.company.data])
            if problem:
                self.password.errors.append(problem)
                return False
        return accepted

    def to_dict(self, only_user: bool) -> dict[str, Any]:  # noqa: FBT001 - Flask-Security's
        """Give what the account and its owner are made of."""
        return {**super().to_dict(only_user), "company": self.company.data}


class ForgottenForm(ForgotPasswordForm):
    """Also for who has not confirmed: a link that came by mail confirms the address."""

    def validate(self, **kwargs: Any) -> bool:
        """Check that somebody who may log in has this address; the page tells nobody."""
        self.requires_confirmation = False
        if not FlaskForm.validate(self, **kwargs):
            return False
        return bool(self.user and self.user.is_active)


class FactorForm(TwoFactorSetupForm):
    """What is to be done with the second factor: "authenticator" or "disable"."""

    # The library's field has choices of a kind that WTForms is about to give up.
    setup = StringField("What to do")


class RescueForm(TwoFactorRescueForm):
    """The ways in without the app; our page names the one there is by a link."""

    help_setup = RadioField("Another way", choices=[])

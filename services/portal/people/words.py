"""What Flask-Security says to people, in our words."""

from typing import Final

from services.portal.people.passwords import TOO_SHORT

WRONG: Final = "That e-mail address and password do not belong together. Please try again."
SENT: Final = (
    "If this address can be used, a mail is on its way to %(email)s. Follow the link in it. "
    "Nothing there after some minutes? Look into the spam folder, then ask again."
)
REGISTERED: Final = (
    "Nearly there: follow the link in the mail to %(email)s, then log in. Nothing there after "
    "some minutes? Look into the spam folder."
)
LINK_OVER: Final = "This link is not valid any more. Ask for a new one here."
WRONG_CODE: Final = "That code is not right. Wait for the next one in your app and try it."

_MESSAGES: Final = {
    # One sentence whatever was wrong, so that nobody can find out who has a log-in.
    "GENERIC_AUTHN_FAILED": (WRONG, "error"),
    "CONFIRM_REGISTRATION": (REGISTERED, "success"),
    "CONFIRMATION_REQUEST": (SENT, "success"),
    "CONFIRMATION_REQUIRED": ("Please confirm your e-mail address first.", "error"),
    "CONFIRMATION_EXPIRED": (LINK_OVER, "error"),
    "INVALID_CONFIRMATION_TOKEN": (LINK_OVER, "error"),
    "EMAIL_CONFIRMED": ("Your address is confirmed. Log in now.", "success"),
    "ALREADY_CONFIRMED": ("This address is confirmed already. Just log in.", "success"),
    "PASSWORD_RESET_REQUEST": (SENT, "success"),
    "PASSWORD_RESET_EXPIRED": (LINK_OVER, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (LINK_OVER, "error"),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password is set. Log in with it.", "success"),
    "PASSWORD_CHANGE": (
        "Your password is changed, and you are logged out everywhere else.",
        "success",
    ),
    "PASSWORD_IS_THE_SAME": ("The new password is the old one; choose another.", "error"),
    "PASSWORD_INVALID_LENGTH": (TOO_SHORT, "error"),
    "PASSWORD_NOT_PROVIDED": ("Please type a password.", "error"),
    "INVALID_PASSWORD": ("That is not your password.", "error"),
    "EMAIL_NOT_PROVIDED": ("Please type your e-mail address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("That is no e-mail address.", "error"),
    "REAUTHENTICATION_REQUIRED": ("Please type your password once more to go on.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. Go on.", "success"),
    "ANONYMOUS_USER_REQUIRED": ("You are logged in already.", "info"),
    "TWO_FACTOR_INVALID_TOKEN": (WRONG_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are logged in.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        "The second factor is on: your next log-in asks for a code.",
        "success",
    ),
    "TWO_FACTOR_DISABLED": ("The second factor is off.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Please log in first.", "error"),
    "TWO_FACTOR_SETUP_EXPIRED": ("That took too long. Please begin again.", "error"),
    "INVALID_RECOVERY_CODE": ("That is none of your unused recovery codes.", "error"),
    "INVALID_REDIRECT": ("This address leads away from Goodsout.", "error"),
    "API_ERROR": ("That did not work. Please begin again.", "error"),
}


def messages() -> dict[str, tuple[str, str]]:
    """Give them as settings of Flask-Security."""
    return {f"SECURITY_MSG_{name}": said for name, said in _MESSAGES.items()}

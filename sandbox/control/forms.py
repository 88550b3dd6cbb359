"""What a form of the control room's pages sent."""

from collections.abc import Mapping

from sandbox.person import Nonsense
from sandbox.seed import ACCOUNT

Form = Mapping[str, str]


def account_of(form: Form) -> str:
    """Give the Brightpearl account a form is about."""
    return form.get("account") or ACCOUNT


def number_of(form: Form, name: str = "number") -> int:
    """Read a whole number that must be there."""
    text = form.get(name, "").strip()
    if not text.isdecimal():
        raise Nonsense(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def is_ticked(form: Form, name: str) -> bool:
    """Tell whether a box was ticked, or a choice of yes was made."""
    return form.get(name, "") not in {"", "0", "no", "false"}

"""How Brightpearl says no: `{"errors": [{"code", "message"}]}` (contract section 5)."""

NONE_FOUND = "CMNC-404"
UNPARSABLE_FILTER = "CMNC-018"
BODY_REQUIRED = "CMNC-010"
EVENT_EXISTS = "WHSB-061"
# Where the contract gives a text or a status but no code, ours says that it is not the vendor's.
CODE_UNKNOWN = "SBOX-000"


class Refused(Exception):  # noqa: N818 - it is an answer, not a mistake of ours
    """A call is answered with errors instead of a response."""

    def __init__(self, status: int, *errors: tuple[str, str]) -> None:
        super().__init__(f"{status}: {errors}")
        self.status = status
        self.errors = [{"code": code, "message": message} for code, message in errors]


def none_found(message: str) -> Refused:
    """Build the 404 of a resource that is not there."""
    return Refused(404, (NONE_FOUND, message))


def bad_request(message: str, code: str = CODE_UNKNOWN) -> Refused:
    """Build the 400 of a body we cannot take."""
    return Refused(400, (code, message))

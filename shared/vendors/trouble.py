"""A request that brought no answer: what the trouble was, and whether it may have been sent."""

import ssl

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError


class Trouble(Exception):  # noqa: N818 - never leaves the vendors' HTTP
    """A transport failure; `sent` tells whether the request may have reached the vendor."""

    def __init__(self, what: str, *, sent: bool, code: str = "") -> None:
        super().__init__(what)
        self.sent = sent
        self.code = code


def kind_of(error: requests.RequestException) -> str:
    """Name the trouble without its text, which may hold an address with a secret in it."""
    return {
        requests.ConnectTimeout: "no connection in time",
        requests.ReadTimeout: "no answer in time",
        requests.exceptions.SSLError: "no secure connection",
    }.get(type(error), "the connection failed")


def may_have_been_sent(error: BaseException) -> bool:
    """Only a connection that never stood proves that nothing was sent."""
    refused = (ConnectTimeoutError, NewConnectionError, ssl.SSLCertVerificationError)
    seen: list[BaseException] = []
    todo: list[BaseException] = [error]
    while todo:
        one = todo.pop()
        if isinstance(one, refused):
            return False
        if one not in seen:
            seen.append(one)
            inner = [*one.args, getattr(one, "reason", None), one.__cause__]
            todo += [thing for thing in inner if isinstance(thing, BaseException)]
    return True

"""A vendor that sends a byte now and then holds no thread for longer than the whole answer may."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from shared.errors import Transient, UnknownOutcome
from shared.vendors.exchange import Ask, Effect
from shared.vendors.http import Patience, VendorHttp

PATIENCE = Patience(connect=5, read=5, total=0.5, tries=1)
STATUS = b"HTTP/1.1 200 OK\r\n"
# In the end it answers well, so that a client without a deadline gets what it waited for.
LONG = 20.0


@contextmanager
def a_trickling_vendor(at_once: bytes, slowly: bytes, rest: bytes) -> Iterator[str]:
    """Listen, and answer with single bytes of `slowly` until the client hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), listening.accept()[0] as client:
            client.recv(65536)
            client.sendall(at_once)
            until = time.monotonic() + LONG
            while time.monotonic() < until:
                client.sendall(slowly)
                time.sleep(0.02)
            client.sendall(rest)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/a"
    listening.close()
    thread.join()


TRICKLES = {
    "headers": (STATUS + b"X-Slow: ", b"a", b"\r\nContent-Length: 0\r\n\r\n"),
    "body": (STATUS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", b"0\r\n\r\n"),
}


@pytest.mark.parametrize("trickle", TRICKLES.values(), ids=list(TRICKLES))
@pytest.mark.parametrize(
    ("effect", "error"),
    [(Effect.READ, Transient), (Effect.SINGLE_WRITE, UnknownOutcome)],
    ids=["read", "write"],
)
def test_an_answer_that_trickles_is_given_up(
    trickle: tuple[bytes, bytes, bytes], effect: Effect, error: type[Exception]
) -> None:
    with a_trickling_vendor(*trickle) as url:
        http = VendorHttp("vendor", patience=PATIENCE)

        with pytest.raises(error):
            http.send(Ask(operation="any", method="POST", url=url, effect=effect))

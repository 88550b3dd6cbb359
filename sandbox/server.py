"""A threaded HTTP/1.1 server with keep-alive that can also hang up without an answer.

Werkzeug's server closes every connection and gunicorn forks, which a `kill -9` of our one process
would outlive; so this is the standard library's server with a WSGI call in it.
"""

import io
import socket
import sys
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote_to_bytes

CUT = "sandbox.cut_connection"  # set in a request's environment: close without an answer
TRICKLE = "sandbox.trickle"  # set to seconds: the body is sent byte by byte over so long
_WAITING_CONNECTIONS = 512
_NO_BODY = {"204", "304"}

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class PortTaken(OSError):  # noqa: N818 - its name is the sentence
    """Someone else listens there; the text is a sentence for a person."""


class Server(ThreadingHTTPServer):
    """Serves a WSGI app, one thread a connection."""

    daemon_threads = True
    request_queue_size = _WAITING_CONNECTIONS

    def __init__(self, host: str, port: int, app: App) -> None:
        self.app = app
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """The port we listen at, also where 0 was asked for."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking for our own name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client hangs up; print what is our own fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Keeps connections open and answers in one packet, else Nagle costs 40 ms a call."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: Server

    def answer(self) -> None:
        """Give the request to the app and write its answer, or none where it was cut."""
        environ = self._environ()
        began: list[Any] = []
        body = b"".join(self.server.app(environ, lambda *given: began.extend(given)))
        if environ.get(CUT):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, headers = began[0], began[1]
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, value)
        if code not in _NO_BODY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send(body, environ.get(TRICKLE, 0.0))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _send(self, body: bytes, seconds: float) -> None:
        if not seconds:
            self.wfile.write(body)
            return
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            time.sleep(seconds / len(body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Stay silent: the control page counts calls."""

    def _environ(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        body = self._body()
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()
        }
        return {
            **headers,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _body(self) -> bytes:
        """Read the whole body, also one that no route wants: the connection serves again."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


def open_server(app: App, host: str, port: int) -> Server:
    """Listen at host and port; port 0 takes a free one."""
    try:
        return Server(host, port, app)
    except OSError as error:
        raise PortTaken(
            f"The sandbox cannot listen at {host}:{port} ({error.strerror}); "
            "choose another port with SANDBOX_PORT or end what listens there."
        ) from error

"""Servers on this machine that count who comes, and certificates for them."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "receiver.example"
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

# Talks with one client until it is done.
Talk = Callable[[socket.socket], None]


@dataclass
class Listener:
    """Counts connections; `requests` are what was sent, and `names` what TLS was asked for."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)


@contextmanager
def listener(
    host: str = "127.0.0.1", *, port: int = 0, answer: bytes = TAKEN, talk: Talk | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Listener]:  # fmt: skip
    """Listen until the test is over."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family)
    heard = Listener(port=listening.getsockname()[1])
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: heard.names.append(name)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client = listening.accept()[0]
                heard.connections += 1
                threading.Thread(target=attend, args=(client,), daemon=True).start()

    def attend(client: socket.socket) -> None:
        with suppress(OSError), client:
            secure = tls.wrap_socket(client, server_side=True) if tls else client
            with secure:
                heard.requests.append(whole_request(secure))
                talk(secure) if talk else secure.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield heard
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def whole_request(client: socket.socket) -> bytes:
    """Read headers and body; what came where the client hangs up before."""
    read = b""
    while piece := client.recv(65_536):
        read += piece
        head, end, body = read.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if end and len(body) >= int(length[1] if length else 0):
            break
    return read


def certificates(folder: Path, name: str = NAME) -> tuple[ssl.SSLContext, str]:
    """Make a server's context for `name`, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written, private = folder / "certificate.pem", folder / "key.pem"
    written.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written, private)
    return context, str(written)

"""Ask this container's own process whether it is ready; the exit code is the answer.

Run as a script by a bare interpreter in every container every few seconds, so it imports next to
nothing: `python3 -I -S healthy.py [port] [path]`.
"""

import socket
import sys

PORT, PATH = 8080, "/readyz"
SECONDS = 5.0


def is_ready(port: int = PORT, path: str = PATH) -> bool:
    """Say whether `path` answers 200 at this machine's own `port`."""
    request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(request)
            return connection.recv(64).split()[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    sys.exit(0 if is_ready(int(given.get(1, PORT)), given.get(2, PATH)) else 1)

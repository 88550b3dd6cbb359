"""A request to an address that a merchant entered: it arrives, and nothing else happens."""

import time
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from shared.egress.address import Rules, target_of
from shared.egress.sending import Answer, Egress, Limits, NoAnswer
from tests.integration.egress.listening import NAME, Listener, Talk, certificates, listener

HERE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
USUAL = Limits()
SHORT = Limits(connect=2.0, read=0.5, total=1.0)
BODY = b'{"type":"notice.test"}'


def test_a_good_address_is_connected_with_its_name_and_its_certificate(tmp_path: Path) -> None:
    tls, authority = certificates(tmp_path)
    with listener(tls=tls) as server:
        answer = send(server, f"https://{NAME}:{server.port}/in?a=1", trusted=authority)

    [request] = server.requests
    assert (answer.status, answer.excerpt) == (200, "")
    assert server.names == [NAME]
    assert request.startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert f"Host: {NAME}:{server.port}\r\n".encode() in request
    assert request.endswith(BODY)


@pytest.mark.parametrize(
    ("certified", "vouched"), [("other.example", "yes"), (NAME, "no")], ids=["other", "unknown"]
)
def test_a_certificate_of_another_name_or_of_nobody_is_no_connection(
    tmp_path: Path, certified: str, vouched: str
) -> None:
    tls, authority = certificates(tmp_path, certified)
    trusted = authority if vouched == "yes" else True

    with listener(tls=tls) as server, pytest.raises(NoAnswer, match="no secure connection"):
        send(server, f"https://{NAME}:{server.port}/in", trusted=trusted)

    assert server.requests == []


def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    with listener("127.0.0.3") as server:
        answer = send(
            server, f"http://{NAME}:{server.port}/in", leads_to=["127.0.0.2", "127.0.0.3"]
        )

    assert (answer.status, server.connections) == (200, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    with listener() as other:
        answer = b"HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
        with listener(answer=answer % (status, other.port)) as server:
            came = send(server, f"http://127.0.0.1:{server.port}/in")

    assert (came.status, other.connections) == (status, 0)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as proxy, listener() as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        answer = send(server, f"http://127.0.0.1:{server.port}/in")

    assert (answer.status, server.connections, proxy.connections) == (200, 1, 0)


def test_credentials_of_the_machines_netrc_stay_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with listener() as server:
        send(server, f"http://127.0.0.1:{server.port}/in")

    assert b"Authorization" not in server.requests[0]


def a_trickle(at_once: bytes, slowly: bytes) -> Talk:
    def talk(client: object) -> None:
        assert hasattr(client, "sendall")
        client.sendall(at_once)
        while True:
            client.sendall(slowly)
            time.sleep(0.02)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        a_trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        a_trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda _client: time.sleep(5),
        lambda client: client.sendall(b"no HTTP at all\r\n\r\n"),
        lambda client: client.close(),
    ],
    ids=["trickling headers", "endless continue", "silence", "nonsense", "hanging up"],
)
def test_who_gives_no_answer_holds_nobody(talk: Talk) -> None:
    begun = time.monotonic()
    with listener(talk=talk) as server, pytest.raises(NoAnswer):
        send(server, f"http://127.0.0.1:{server.port}/in", limits=SHORT)

    assert time.monotonic() - begun < 5 * SHORT.total


@pytest.mark.parametrize("status", [b"200 OK", b"500 Oh"])
@pytest.mark.parametrize("slowly", [b"1\r\na\r\n", b"8000\r\n" + b"a" * 0x8000 + b"\r\n"])
def test_a_body_without_end_is_not_read_to_its_end(status: bytes, slowly: bytes) -> None:
    head = b"HTTP/1.1 %b\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" % status
    begun = time.monotonic()
    with listener(talk=a_trickle(head, slowly)) as server:
        answer = send(server, f"http://127.0.0.1:{server.port}/in", limits=SHORT)

    assert answer.status == int(status[:3])
    assert time.monotonic() - begun < 5 * SHORT.total
    assert len(answer.excerpt) < 200


@pytest.mark.parametrize(
    ("head", "body", "excerpt"),
    [
        (b"text/plain", b"invalid_payload", "invalid_payload"),
        (b"application/json", b'{"error":\n "no"}', '{"error": "no"}'),
        (b"text/html", b"<b>\x00\x1b[31mred\r\nline</b>", "<b> [31mred line</b>"),
        (b"text/plain", b"a" * 400, "a" * 160 + "\u2026"),
        (b"text/plain", b"there is no /in/very-secret-token here", ""),
        (b"image/png", b"\x89PNG", ""),
        (b"text/plain\r\nContent-Encoding: gzip", b"\x1f\x8b", ""),
        (b"text/plain", b"", ""),
    ],
)
def test_of_an_answer_that_went_wrong_a_short_safe_line_is_told(
    head: bytes, body: bytes, excerpt: str
) -> None:
    answer = b"HTTP/1.1 400 No\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
    with listener(answer=answer % (head, len(body), body)) as server:
        came = send(server, f"http://127.0.0.1:{server.port}/in/very-secret-token")

    assert came.excerpt == excerpt


def test_of_an_answer_that_went_well_nothing_is_told() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
    with listener(answer=answer) as server:
        assert send(server, f"http://127.0.0.1:{server.port}/in").excerpt == ""


def test_when_to_come_back_is_handed_on() -> None:
    answer = b"HTTP/1.1 429 Slower\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
    with listener(answer=answer) as server:
        assert send(server, f"http://127.0.0.1:{server.port}/in").retry_after == "30"


def test_a_resolver_that_hangs_holds_nobody() -> None:
    def hang(*_: object) -> Sequence[str]:
        time.sleep(20)
        return []

    rules = Rules()
    egress = Egress(rules=rules, limits=Limits(connect=0.2), look_up=hang)

    with pytest.raises(NoAnswer, match="no connection in time"):
        egress.post(target_of(f"https://{NAME}/in", rules), BODY, {})


def test_a_name_that_nobody_has_is_told() -> None:
    rules = Rules()

    with pytest.raises(NoAnswer, match="its name was not found"):
        Egress(rules=rules).post(target_of("https://nobody.invalid/in", rules), BODY, {})


def test_a_port_where_nobody_listens_is_told() -> None:
    with listener() as server:
        port = server.port

    with pytest.raises(NoAnswer, match="the connection failed"):
        send(Listener(port=port), f"http://127.0.0.1:{port}/in")


def send(
    server: Listener,
    url: str,
    *,
    leads_to: Sequence[str] = ("127.0.0.1",),
    limits: Limits = USUAL,
    trusted: bool | str = True,
) -> Answer:
    rules = Rules(networks=HERE, ports=frozenset({server.port}))
    egress = Egress(
        rules=rules,
        limits=limits,
        trusted=trusted,
        look_up=lambda host, _port: leads_to if host == NAME else [host],
    )
    return egress.post(target_of(url, rules), BODY, {"webhook-id": "msg_1"})

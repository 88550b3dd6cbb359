"""No spelling of an address that a merchant can enter reaches this machine or its networks."""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import ip_network

import pytest

from shared.egress.address import AddressRefused, Rules, target_of
from shared.egress.guard import look_up
from shared.egress.sending import Egress, Limits, NoAnswer
from tests.integration.egress.listening import Listener, listener

LIMITS = Limits(connect=1.0, read=1.0, total=2.0)
# Every form is tried with the listener's own port, which is allowed, and with https and http.
FORMS = (
    # plain, and what resolves to it
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "LOCALHOST", "localhost.localdomain",
    "localhost.", "ip6-localhost", "0.0.0.0", "0", "0.0.0.0.",  # noqa: S104 - nobody binds here
    # short, decimal, octal and hexadecimal
    "127.1", "127.0.1", "2130706433", "017700000001", "0177.0.0.1", "0177.0.0.01", "0x7f000001",
    "0x7f.0x0.0x0.0x1", "0x7f.1", "127.0.0.0x1", "00000177.0.0.1", "127.000.000.001",
    "127.0.0.1.", "4294967296", "340282366920938463463374607431768211455", "127.0.0.256",
    # IPv6, and IPv4 inside it
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[::ffff:0:127.0.0.1]",
    "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
    # other networks
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "169.254.170.2",
    "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1", "255.255.255.255",
    "198.18.0.1", "203.0.113.1", "240.0.0.1",
    # what programs read differently
    "user@127.0.0.1", "good.example@127.0.0.1", "good.example:443@127.0.0.1",
    "127.0.0.1#@good.example", "127.0.0.1?@good.example", "127.0.0.1\\@good.example",
    "good.example\\@127.0.0.1", "127.0.0.1%2f@good.example", "127.0.0.1%00.good.example",
    "127.0.0.1\t", "127.0.0.1\r\nHost: good.example", " 127.0.0.1", "127.0.0.1 good.example",
    "%31%32%37.0.0.1", "127%2e0%2e0%2e1",
    # letters that become others: full-width, circled, an ideographic stop, invisible, Cyrillic
    "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "loc\u00adalhost", "127.0.0.1\u200b",
    "l\u043ecalhost", "xn--localhost-.", "xn--",
)  # fmt: skip


@pytest.fixture(scope="module")
def here() -> Iterator[Listener]:
    with listener() as heard:
        yield heard


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", FORMS, ids=ascii)
def test_no_form_connects(here: Listener, scheme: str, host: str) -> None:
    rules = Rules(ports=frozenset({here.port}))

    with pytest.raises((AddressRefused, NoAnswer)):
        send(f"{scheme}://{host}:{here.port}/in", rules)

    assert here.connections == 0


def test_there_are_as_many_forms_as_were_asked_for() -> None:
    assert len(set(FORMS)) >= 60


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%lo"])
def test_a_name_that_leads_here_is_not_followed(here: Listener, address: str) -> None:
    rules = Rules(ports=frozenset({here.port}))

    with pytest.raises(AddressRefused, match="private or reserved"):
        send(f"https://receiver.example:{here.port}/in", rules, leads_to=[address])

    assert here.connections == 0


def test_one_forbidden_answer_among_good_ones_forbids_the_name(here: Listener) -> None:
    rules = Rules(ports=frozenset({here.port}))

    with pytest.raises(AddressRefused, match="private or reserved"):
        send(f"https://receiver.example:{here.port}/in", rules, leads_to=["1.1.1.1", "127.0.0.1"])

    assert here.connections == 0


def test_what_the_machines_own_resolver_reads_as_this_machine_is_refused(here: Listener) -> None:
    # As if the strict reading of addresses had let such a spelling pass.
    rules = Rules(ports=frozenset({here.port}))
    egress = Egress(rules=rules, limits=LIMITS)
    target = target_of(f"https://receiver.example:{here.port}/in", rules)
    spellings = ("127.1", "2130706433", "0x7f.1", "017700000001", "0", "localhost")

    refused = 0
    for host in spellings:
        object.__setattr__(target, "host", host)
        with pytest.raises(AddressRefused):
            egress.post(target, b"{}", {})
        refused += 1

    assert (refused, here.connections) == (len(spellings), 0)


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The resolver says 127.0.0.2, which is opened, and from then on 127.0.0.1, which is not.
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *given: object, **named: object) -> object:
        if host != "receiver.example":
            return real(host, *given, **named)  # type: ignore[arg-type]
        asked.append(host)
        address = "127.0.0.2" if len(asked) == 1 else "127.0.0.1"
        return real(address, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with listener("127.0.0.2") as checked, listener("127.0.0.1", port=checked.port) as other:
        rules = Rules(networks=(ip_network("127.0.0.2/32"),), ports=frozenset({checked.port}))
        url = f"http://receiver.example:{checked.port}/in"
        first = Egress(rules=rules, limits=LIMITS).post(target_of(url, rules), b"{}", {})
        with pytest.raises(AddressRefused):
            Egress(rules=rules, limits=LIMITS).post(target_of(url, rules), b"{}", {})

    assert (first.status, checked.connections, other.connections) == (200, 1, 0)
    assert len(asked) == 2


def send(url: str, rules: Rules, *, leads_to: Sequence[str] = ()) -> None:
    names = (lambda *_: leads_to) if leads_to else look_up
    egress = Egress(rules=rules, limits=LIMITS, look_up=names)
    egress.post(target_of(url, rules), b"{}", {})

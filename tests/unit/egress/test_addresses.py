"""How an address that a merchant enters is read."""

from ipaddress import ip_network

import pytest
from urllib3.util import parse_url

from shared.egress.address import AddressRefused, Rules, Target, target_of

USUAL = Rules()
OPENED = Rules(networks=(ip_network("10.1.0.0/16"),), ports=frozenset({80, 443, 9000}))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        (
            "  https://Hooks.Example.COM/In/Box?a=B%2Fc \n",
            "https://hooks.example.com/In/Box?a=B%2Fc",
        ),
        ("https://hooks.example.com:443/a", "https://hooks.example.com/a"),
        ("https://hooks.example.com:8443/a", "https://hooks.example.com:8443/a"),
        ("https://hooks.example.com?a=1", "https://hooks.example.com/?a=1"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://1.1.1.1/a", "https://1.1.1.1/a"),
        ("https://[2606:4700:4700:0::1111]/a", "https://[2606:4700:4700::1111]/a"),
    ],
)
def test_a_good_address_is_written_anew_from_its_parts(text: str, url: str) -> None:
    target = target_of(text, USUAL)

    assert target.url == url
    assert parse_url(target.url).hostname == (
        f"[{target.host}]" if ":" in target.host else target.host
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begins with https"),
        ("hooks.example.com/a", "begins with https"),
        ("ftp://hooks.example.com/a", "begins with https"),
        ("http://hooks.example.com/a", "only https"),
        ("https://hooks.example.com:22/a", "port 22"),
        ("https://hooks.example.com:99999/a", "port 99999"),
        ("https://ann:secret@hooks.example.com/a", "user or password"),
        ("https://bücher.example/a", "xn--"),
        ("https://hooks.example.com/a b", "cannot be read"),
        ("https://hooks.example.com/a#b", "cannot be read"),
        ("https://hooks.example.com\\@evil.example", "user or password"),
        ("https://hooks..example.com/", "cannot be"),
        ("https://hooks.example.com./", "cannot be"),
        ("https://-hooks.example.com/", "cannot be"),
        ("https://intranet/", "local network"),
        ("https://0x7f.1/", "no plain IP"),
        ("https://10.1.0.1/", "private or reserved"),
        ("https://hooks.example.com/" + "a" * 2_000, "longer than 2,000"),
    ],
)
def test_what_is_refused_says_why(text: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why):
        target_of(text, USUAL)


def test_an_opened_network_may_be_reached_without_tls_by_its_own_names() -> None:
    targets = [
        target_of(text, OPENED)
        for text in ("http://10.1.2.3/a", "http://receiver:9000/a", "https://10.1.2.3/")
    ]

    assert targets[0] == Target(scheme="http", host="10.1.2.3", port=80, path="/a")
    assert [target.host for target in targets] == ["10.1.2.3", "receiver", "10.1.2.3"]


@pytest.mark.parametrize("text", ["https://10.2.0.1/", "http://1.1.1.1/"])
def test_an_opened_network_opens_nothing_else(text: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(text, OPENED)

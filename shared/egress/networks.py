"""Which IP addresses are anybody's on the internet; pure.

`ipaddress.is_global` alone will not do: it changed between versions of Python, and it calls
addresses global that hide another one in themselves or lead to a cloud's own services.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry, and what lies beside it.
_CLOSED_IPV4: Final = tuple(map(ip_network, (
    "0.0.0.0/8",  # "this network"; 0.0.0.0 is our own machine on Linux
    "10.0.0.0/8",
    "100.64.0.0/10",  # carriers' shared space; Alibaba's metadata lies in it
    "127.0.0.0/8",
    "168.63.129.16/32",  # public by its number, but Azure's own services
    "169.254.0.0/16",  # link-local, and most clouds' metadata
    "172.16.0.0/12",
    "192.0.0.0/24",  # protocols; Oracle's metadata lies in it
    "192.0.2.0/24",  # documentation
    "192.31.196.0/24",  # AS112: answered by whoever is near
    "192.52.193.0/24",  # AMT, likewise
    "192.88.99.0/24",  # relays of 6to4
    "192.168.0.0/16",
    "192.175.48.0/24",  # AS112
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
)))  # fmt: skip
# All that is given to anybody. Outside lie loopback, link-local, unique local (AWS' metadata too),
# multicast, IPv4-mapped, IPv4-compatible, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48) and SRv6.
_OPEN_IPV6: Final = ip_network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry, of what lies inside.
_CLOSED_IPV6: Final = tuple(map(ip_network, (
    "2001::/23",  # protocols: Teredo with an IPv4 address in it, ORCHID, benchmarks
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4: an IPv4 address in it
    "2620:4f:8000::/48",  # AS112
    "3fff::/20",  # documentation
)))  # fmt: skip


def read_address(text: str) -> Address:
    """Read an address as a resolver gives it; raises ValueError."""
    return ip_address(text)


def is_public(address: Address) -> bool:
    """Say whether an address may be anybody's on the internet."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in closed for closed in _CLOSED_IPV4)
    if address.scope_id is not None:  # of one interface of this machine
        return False
    return (
        address.is_global
        and address in _OPEN_IPV6
        and not any(address in closed for closed in _CLOSED_IPV6)
    )

"""Free ports stay free: nobody else is given one while its system is stopped."""

import socket
from dataclasses import asdict
from pathlib import Path

from deploy.embedded.free_ports import free_port, free_ports

LOCAL_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_no_outgoing_connection_is_given_a_port_of_ours() -> None:
    lowest = int(LOCAL_PORTS.read_text().split()[0]) if LOCAL_PORTS.exists() else 32_768

    assert max(asdict(free_ports()).values()) < lowest


def test_each_port_is_another() -> None:
    chosen = [*asdict(free_ports()).values(), *asdict(free_ports()).values(), free_port()]

    assert len(set(chosen)) == len(chosen)


def test_a_port_where_somebody_listens_is_passed_over() -> None:
    following = free_port() + 1
    with socket.create_server(("127.0.0.1", following)):
        assert free_port() != following

"""Where an installation lets merchants send things."""

from ipaddress import ip_network

from pydantic import BaseModel, Field, field_validator

from shared.egress.address import Rules


class EgressSettings(BaseModel):
    """What the operator opens beside the internet's own addresses, for whoever sends or asks."""

    egress_networks: str = Field(
        default="",
        description="Private networks that destinations of notices may lie in, such as "
        "10.1.0.0/16, comma-separated; empty: none",
    )
    egress_ports: str = Field(
        default="443,8443", description="Ports that destinations may have, comma-separated"
    )

    @field_validator("egress_networks")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        for text in _parts(given):
            ip_network(text)
        return given

    @field_validator("egress_ports")
    @classmethod
    def _are_ports(cls, given: str) -> str:
        parts = _parts(given)
        if not parts or not all(part.isdecimal() and 0 < int(part) < 2**16 for part in parts):
            raise ValueError("ports are numbers from 1 to 65535, comma-separated")
        return given

    @property
    def egress_rules(self) -> Rules:
        """The rules that these settings make."""
        return Rules(
            networks=tuple(map(ip_network, _parts(self.egress_networks))),
            ports=frozenset(map(int, _parts(self.egress_ports))),
        )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

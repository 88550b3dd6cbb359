"""What the receivers of notices answer."""

from dataclasses import dataclass

from sandbox.turnable import switch

SLOW = "slow"


@dataclass(frozen=True)
class ReceiverSwitches:
    """What the receivers of notices answer."""

    receiver_answer: str = switch(
        "200",
        "What the receivers of notices answer; slow is after a minute",
        "",
        choices=("200", "400", "404", "410", "429", "500", "302", SLOW),
    )

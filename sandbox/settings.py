"""What the sandbox is told when it starts, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass


class UnusableSetting(ValueError):  # noqa: N818 - its name is the sentence
    """A setting cannot be read; its text is a sentence for the person who started us."""


@dataclass(frozen=True)
class Settings:
    """Everything a start decides; what may change while running is a switch.

    `host` is Brightpearl's data centre euw1, `second_host` its use1 ("" for none). The domains
    are what a token answer names as `api_domain` where that is not simply the host and port.
    """

    host: str = "127.0.0.1"
    second_host: str = "127.0.0.2"
    port: int = 8100
    smtp_port: int = 8125
    state: str | None = None
    time_scale: float = 1.0
    ship_after: float | None = None
    order_every: float | None = None
    seed: int | None = None
    client_id: str = "goodsout-sandbox"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - made up, in the documentation
    dev_ref: str = "goodsout-dev"
    euw1_domain: str = ""
    use1_domain: str = ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the `SANDBOX_*` variables; an empty one counts as not given."""
    ship_after = _number(environment, "SANDBOX_SHIP_AFTER")
    order_every = _number(environment, "SANDBOX_ORDER_EVERY")
    seed = _number(environment, "SANDBOX_SEED")
    second_host = environment.get("SANDBOX_SECOND_HOST") or Settings.second_host
    return Settings(
        host=environment.get("SANDBOX_HOST") or Settings.host,
        second_host="" if second_host == "none" else second_host,
        port=int(_or(_number(environment, "SANDBOX_PORT"), Settings.port)),
        smtp_port=int(_or(_number(environment, "SANDBOX_SMTP_PORT"), Settings.smtp_port)),
        state=environment.get("SANDBOX_STATE") or None,
        time_scale=_or(_number(environment, "SANDBOX_TIME_SCALE"), Settings.time_scale),
        ship_after=ship_after,
        order_every=order_every,
        seed=None if seed is None else int(seed),
        client_id=environment.get("SANDBOX_CLIENT_ID") or Settings.client_id,
        client_secret=environment.get("SANDBOX_CLIENT_SECRET") or Settings.client_secret,
        dev_ref=environment.get("SANDBOX_DEV_REF") or Settings.dev_ref,
        euw1_domain=environment.get("SANDBOX_EUW1_DOMAIN") or "",
        use1_domain=environment.get("SANDBOX_USE1_DOMAIN") or "",
    )


def _number(environment: Mapping[str, str], name: str) -> float | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise UnusableSetting(f"{name} is {text!r}, but it must be a number.") from None


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value

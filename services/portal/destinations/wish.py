"""What a person wants a destination to be, as the form sent it, and what is wrong; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from werkzeug.datastructures import MultiDict

from shared.db.destination_tables import Destination
from shared.destinations import SLACK, TEAMS, WEBHOOK
from shared.egress.address import LONGEST, AddressRefused, Rules, Target, target_of
from shared.notifications import KINDS, PERSONAL, Kind

LONGEST_NAME: Final = 60
AT_MOST: Final = 20
# What a destination may be told of.
OFFERED: Final[Mapping[str, Kind]] = {
    code: kind for code, kind in KINDS.items() if code not in PERSONAL
}
# What each way is called, and what is to be entered for it.
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    WEBHOOK: ("Signed webhook", "JSON to a program of yours, signed as Standard Webhooks has it."),
    SLACK: (
        "Slack",
        "Its incoming webhook; also of Mattermost, Rocket.Chat, and Discord's /slack.",
    ),
    TEAMS: ("Microsoft Teams", "The webhook of a Teams workflow that posts to a channel."),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The fields; an empty address of one that is there already leaves it as it is."""

    name: str = ""
    way: str = WEBHOOK
    address: str = field(default="", repr=False)
    kinds: tuple[str, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


def wish_of(form: MultiDict[str, str]) -> Wish:
    """Read a form."""
    chosen = set(form.getlist("kind"))
    return Wish(
        name=form.get("name", "").strip()[: LONGEST_NAME + 1],
        way=form.get("way", ""),
        address=form.get("address", "").strip()[: LONGEST + 1],
        kinds=tuple(kind for kind in OFFERED if kind in chosen),
    )


def checked(
    wish: Wish, kept: Iterable[Destination], rules: Rules, *, own: UUID | None = None
) -> Wish:
    """Give the wish with a sentence for each field that is wrong; `own` is there already."""
    others = [one for one in kept if one.id != own]
    faults = {"name": _fault_of_name(wish.name, others)}
    if own is None:
        if wish.way not in WAYS:
            faults["way"] = "Choose where the notices are to go."
        if len(others) >= AT_MOST:
            faults["name"] = f"There are {AT_MOST} already; remove one that is not used first."
    if wish.address or own is None:
        faults["address"] = _fault_of_address(wish.address, rules)
    if not wish.kinds:
        faults["kinds"] = "Choose at least one kind of notice."
    return replace(wish, faults={name: fault for name, fault in faults.items() if fault})


def shown_address(target: Target) -> str:
    """Write as much of an address as may be seen: a chat's path is its password."""
    port = "" if target.url.startswith(f"{target.origin}/") else f":{target.port}"
    return f"{target.origin}{port}{'/…' if target.path != '/' else '/'}"


def _fault_of_name(name: str, others: Iterable[Destination]) -> str:
    if not name:
        return "Give it a name, such as the room or the program that listens."
    if len(name) > LONGEST_NAME or not name.isprintable():
        return f"A name is one line of at most {LONGEST_NAME} letters, digits and signs."
    if any(one.name == name for one in others):
        return f"There is one called {name} already; choose another name."
    return ""


def _fault_of_address(address: str, rules: Rules) -> str:
    if not address:
        return "Enter the address that the notices are sent to."
    try:
        target_of(address, rules)
    except AddressRefused as refused:
        return str(refused)
    return ""

"""ID sets in paths: `7`, `7-20`, `9,7,12`, `9.7.12`, `1-5,99` (contract section 5)."""

import re
from collections.abc import Iterable, Sequence

from sandbox.brightpearl.faults import bad_request

_PART = re.compile(r"(\d+)(?:-(\d+))?")


def ids_in(text: str, *, limit: int) -> list[int]:
    """Expand a set; a set past the resource's limit or not readable is refused with 400."""
    ids: list[int] = []
    for part in re.split(r"[,.]", text):
        match = _PART.fullmatch(part)
        if match is None:
            raise bad_request(f"The ID set {text} cannot be parsed")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or first < 1:
            raise bad_request(f"The ID set {text} is not ascending")
        if len(ids) + last - first + 1 > limit:
            raise bad_request(f"The ID set holds more than {limit} ids")
        ids.extend(range(first, last + 1))
    return list(dict.fromkeys(ids))


def spans(text: str) -> list[tuple[int, int]]:
    """Give a set as ranges without expanding it; OPTIONS and filters may hold very long ones."""
    found = []
    for part in re.split(r"[,.]", text):
        match = _PART.fullmatch(part)
        if match is None:
            raise bad_request(f"The ID set {text} cannot be parsed")
        found.append((int(match[1]), int(match[2] or match[1])))
    return found


def compressed(ids: Iterable[int]) -> str:
    """Write ids as a set with ranges, `1-5,99`."""
    runs: list[list[int]] = []
    for number in sorted(set(ids)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def get_uris(resource: str, ids: Sequence[int], *, limit: int) -> list[str]:
    """Chunk the existing ids into ready URIs, as OPTIONS answers them."""
    ordered = sorted(ids)
    chunks = [ordered[at : at + limit] for at in range(0, len(ordered), limit)]
    return [f"/{resource}/{compressed(chunk)}" for chunk in chunks]

"""Tabler's style sheet without the rules that no page of ours asks for.

`python -m tests.trimmed_tabler` writes it; a test compares it with what stands in the file. A rule
stays when each class and data attribute of its selector is a word of a template or script of ours.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PORTAL: Final = Path(__file__).parents[1] / "services" / "portal"
WHOLE: Final = PORTAL / "static" / "vendor" / "tabler" / "tabler.min.css"
TRIMMED: Final = WHOLE.with_name("tabler.trimmed.css")

_WORD = re.compile(r"[A-Za-z][\w-]*")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_MARK = re.compile(r"\[(data-[\w-]+)")
_OTHERWISE = re.compile(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
_NAMED = re.compile(r"var\((--[\w-]+)")
_SET = re.compile(r"(--[\w-]+):")
_MOVED = re.compile(r"animation(?:-name)?:([^;}]*)")


def words() -> frozenset[str]:
    """Give every word of the templates and of our own scripts; classes are among them."""
    files = [*PORTAL.glob("templates/**/*.html"), *PORTAL.glob("static/*.js")]
    return frozenset(word for file in files for word in _WORD.findall(file.read_text()))


def trimmed(css: str, known: frozenset[str]) -> str:
    """Leave out rules about other classes, then movements and values that nothing names."""
    beginnings = tuple(word for word in known if word.endswith("-"))
    licence = css[: css.index("*/") + 2] + "\n"
    kept = "".join(_kept(css[len(licence) - 1 :], known, beginnings))
    return licence + _without_unnamed(_without_stills(kept))


def _kept(css: str, known: frozenset[str], beginnings: tuple[str, ...]) -> Iterator[str]:
    for head, body in _rules(css):
        if head.startswith(("@media", "@supports", "@container", "@layer")):
            inner = "".join(_kept(body, known, beginnings))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            wanted = [one for one in _selectors(head) if _is_wanted(one, known, beginnings)]
            if wanted:
                yield f"{','.join(wanted)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Give each rule's head and what stands between its braces."""
    at = 0
    while (opened := css.find("{", at)) >= 0:
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[at:opened].strip(), css[opened + 1 : end - 1]
        at = end


def _selectors(head: str) -> Iterator[str]:
    """Part a list of selectors at the commas outside brackets."""
    depth, begun = 0, 0
    for at, sign in enumerate(head):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            yield head[begun:at]
            begun = at + 1
    yield head[begun:]


def _is_wanted(selector: str, known: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    asked = _OTHERWISE.sub("", selector)
    names = [*_CLASS.findall(asked), *_MARK.findall(asked)]
    return all(one in known or one.startswith(beginnings) for one in names)


def _without_stills(css: str) -> str:
    moved = set(_WORD.findall(" ".join(_MOVED.findall(css))))
    return "".join(
        f"{head}{{{body}}}"
        for head, body in _rules(css)
        if "keyframes" not in head or head.split()[-1] in moved
    )


def _without_unnamed(css: str) -> str:
    """Leave out custom values that no rule, theirs or ours, uses; again until none is left."""
    ours = "".join(file.read_text() for file in PORTAL.glob("static/*.css"))
    while unnamed := set(_SET.findall(css)) - set(_NAMED.findall(css + ours)):
        css = "".join(_dropped(css, unnamed))
    return css


def _dropped(css: str, unnamed: set[str]) -> Iterator[str]:
    for head, body in _rules(css):
        if "{" in body:
            yield f"{head}{{{''.join(_dropped(body, unnamed))}}}"
            continue
        kept = [one for one in _declarations(body) if one.partition(":")[0] not in unnamed]
        if kept:
            yield f"{head}{{{';'.join(kept)}}}"


def _declarations(body: str) -> Iterator[str]:
    """Part declarations at the semicolons outside brackets and quotes."""
    begun, depth, quote = 0, 0, ""
    for at, sign in enumerate(body):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        else:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign == ";" and not depth:
                yield body[begun:at]
                begun = at + 1
    if body[begun:]:
        yield body[begun:]


if __name__ == "__main__":
    TRIMMED.write_text(trimmed(WHOLE.read_text(), words()))

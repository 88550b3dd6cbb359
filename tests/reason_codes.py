"""Every reason code that the code can raise, answer or hold with, read from its syntax trees.

A code is written as a literal, or as a constant, where it is given: as the keyword `code` or
`cause`, or at the place of a parameter of that name. What is merely handed on is no new code.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
# A hold's code is the first part of its cause.
PARAMETERS = frozenset({"code", "cause", "reason_code"})
GIVEN = PARAMETERS | {"default_code"}
# What takes a reason code: an end of an attempt, an error, or a standing in the sync log.
TAKES_CODE = frozenset({
    "Delivered", "Skipped", "Later", "Held", "Retry", "WaitForBudget", "Hold", "Dead", "Transient",
    "Throttled", "Permanent", "UnknownOutcome", "ConnectionBroken", "OurTrouble", "Standing",
})  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One module: its tree, and the constants that are texts."""

    path: Path
    tree: ast.Module
    constants: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the module is imported as."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)


@dataclass
class Found:
    """Codes by where they stand, and places whose code could not be read."""

    codes: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


@cache
def sources() -> Sequence[Source]:
    """Read all modules of the services and of what they share."""
    paths = sorted([*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")])
    return [_source(path) for path in paths]


def given_codes(modules: Sequence[Source], *, called: str = "") -> Found:
    """Collect every code that is given anywhere, or to what is `called` so."""
    by_module, places = {one.name: one.constants for one in modules}, _places(modules)
    found = Found()
    for module in modules:
        constants = {**_imported(module, by_module), **module.constants}
        for node in ast.walk(module.tree):
            if called and not (isinstance(node, ast.Call) and _called(node) == called):
                continue
            for value in _codes_of(node, places):
                where = f"{module.path.relative_to(ROOT)}:{value.lineno}"
                _keep(found, value, where, constants)
    return found


def texts(modules: Sequence[Source]) -> set[str]:
    """Collect every text that stands in the code, but not in the list of reasons itself."""
    return {
        node.value
        for module in modules
        if "reasons" not in module.path.parts
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _source(path: Path) -> Source:
    tree = ast.parse(path.read_text())
    return Source(path, tree, dict(one for node in tree.body for one in _assigned(node)))


def _assigned(node: ast.stmt) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(value))):
            yield name, value


def _imported(module: Source, by_module: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Give the constants that a module imports, by the names that they have there."""
    return {
        one.asname or one.name: there[one.name]
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for there in [by_module.get(node.module or "", {})]
        for one in node.names
        if one.name in there
    }


def _places(modules: Sequence[Source]) -> dict[str, set[int]]:
    """Say at which places functions that are called so take a code without its name."""
    places: dict[str, set[int]] = defaultdict(set)
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args if one.arg not in {"self", "cls"}]
                places[node.name] |= {names.index(one) for one in PARAMETERS & set(names)}
    return places


def _codes_of(node: ast.AST, places: Mapping[str, set[int]]) -> Iterator[ast.expr]:
    match node:
        case ast.Call():
            name = _called(node)
            for keyword in node.keywords:
                if keyword.arg in PARAMETERS and (
                    name in TAKES_CODE or _may_be_code(keyword.value)
                ):
                    yield keyword.value
            for place in places.get(name, ()):
                if place < len(node.args) and _may_be_code(node.args[place]):
                    yield node.args[place]
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in GIVEN:
            if _may_be_code(value):
                yield value


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _may_be_code(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant | ast.JoinedStr | ast.IfExp | ast.Name)


def _keep(found: Found, value: ast.expr, where: str, constants: Mapping[str, str]) -> None:
    match value:
        case ast.Constant(value=str(code)) if code:
            found.codes.setdefault(code.split(":")[0], where)
        case ast.IfExp(body=body, orelse=other):
            _keep(found, body, where, constants)
            _keep(found, other, where, constants)
        case ast.Name(id=name) if name in constants:
            found.codes.setdefault(constants[name], where)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            found.codes.setdefault(start.split(":")[0], where)
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
            _keep(found, first, where, constants)
        case ast.Constant() | ast.Name(id="code" | "cause") | ast.Attribute(attr="code" | "cause"):
            pass  # none, or one that is handed on
        case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="split"))):
            pass  # the first part of a cause that is handed on
        case ast.Name(id=name) if not name.isupper():
            pass  # a variable of that place, such as a time or a cause made of parts
        case _:
            found.unread.append(f"{where}: {ast.unparse(value)}")

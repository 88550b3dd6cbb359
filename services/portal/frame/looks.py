"""What the templates draw with: icons, files with a fingerprint, amounts of money."""

import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

from services.portal.log.stages import order_chip, shipment_chip
from shared.pushing.corrections import named

HERE = Path(__file__).parents[1]
ICONS = HERE / "static" / "vendor" / "tabler-icons"
A_YEAR = 365 * 24 * 3600

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BETWEEN = re.compile(r">\s+<")
# Each drawing begins with a square that nobody sees.
_FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def teach_looks(app: Flask) -> None:
    """Give the templates their functions."""
    icons = {file.stem: _drawing(file.read_text()) for file in ICONS.glob("*.svg")}
    static = HERE / "static"
    prints = {
        file.relative_to(static).as_posix(): sha256(file.read_bytes()).hexdigest()[:10]
        for file in static.rglob("*")
        if file.is_file()
    }
    # A file's address changes with its content, so a browser may keep it for good.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR

    def icon(name: str) -> Markup:
        """Draw an icon; it is decoration, the word stands beside it."""
        return icons[name]

    def asset(path: str) -> str:
        """Give the address of a file of ours."""
        return url_for("static", filename=path, v=prints[path])

    app.jinja_env.globals.update(
        icon=icon,
        asset=asset,
        money=money,
        told=told,
        corrected_fields=named,
        order_chip=order_chip,
        shipment_chip=shipment_chip,
    )


def money(amount: Decimal | None) -> str:
    """Write an amount with thousands and at least two decimals; more only where they count."""
    if amount is None:
        return ""
    written = f"{amount:,.4f}".rstrip("0")
    whole, _, decimals = written.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def told(sentence: str) -> Markup:
    """Show what stands between backticks, a command, as such."""
    parts = sentence.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def _drawing(svg: str) -> Markup:
    # A page has a hundred of them: how lines are drawn is said once, in portal.css.
    found = _INNER.search(svg)
    lines = _BETWEEN.sub("><", found[1].replace(_FRAME, "")).strip() if found else ""
    return Markup(  # noqa: S704 - a file of ours, not a person's words
        f'<svg class="icon" aria-hidden="true" viewBox="0 0 24 24">{lines}</svg>'
    )

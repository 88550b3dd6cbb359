"""Addresses of other rooms' pages, which a person may not be allowed to see."""

from typing import Any

from flask import current_app, url_for

from services.portal.frame.access import may, need_of


def link(endpoint: str, **values: Any) -> str:
    """Give the address of a page; "" where there is none, or not for whoever is logged in."""
    need = need_of(current_app, endpoint)
    return url_for(endpoint, **values) if need is not None and may(need) else ""

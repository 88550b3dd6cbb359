"""The page that tells people of the API: what can be asked, how, and what comes back."""

from flask import render_template
from flask.typing import ResponseReturnValue

from services.portal.api.document import Json
from services.portal.api.reference import sections, shapes
from services.portal.tokens.token import SCOPES


class ApiPages:
    """Draws the document, the same for everybody."""

    def __init__(self, document: Json, portal_url: str) -> None:
        self._document = document
        self._base = portal_url.rstrip("/") + document["servers"][0]["url"]
        self._sections = sections(document, base=portal_url)
        self._shapes = shapes(document)

    def show(self) -> ResponseReturnValue:
        """Show it, with the menu for those who are logged in."""
        return render_template(
            "api/api.html",
            about=self._document["info"]["description"],
            base=self._base,
            sections=self._sections,
            shapes=self._shapes,
            scopes=SCOPES,
        )

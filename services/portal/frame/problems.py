"""The pages for what went wrong, in our look and without details."""

from collections.abc import Callable

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from services.portal.frame.problem_documents import (
    Problem,
    is_asked_by_program,
    problem_document,
    problem_of,
)

MISSING = (
    "There is nothing at this address",
    "Either it never existed, or it belongs to an account that is not yours.",
)
STALE_FORM = (
    "This page was open for too long",
    "For your safety a form is valid for a limited time. Go back, reload and send it again.",
)
DATABASE_SILENT = (
    "Our database does not answer just now",
    "What was received before is kept. Please reload this page in a minute.",
)
FAILED = (
    "Something went wrong on our side",
    "It is noted in our log. Reload the page; if it stays, tell the operator the time.",
)
TOO_OFTEN = (
    "Too many tries",
    "For safety this is possible ten times in five minutes. Wait five minutes, then try again.",
)
REFUSED = ("That did not work", "Go back and try again.")


def add_problem_pages(app: Flask) -> None:
    """Show each kind of problem in plain words."""

    def show(status: int, words: tuple[str, str]) -> ResponseReturnValue:
        # Straight from the environment: Flask's way would look the user up in the database, which
        # may be the very thing that is broken.
        title, sentence = words
        if is_asked_by_program():
            return problem_document(status, title, sentence)
        page = app.jinja_env.get_template("problem.html")
        return page.render(status=status, title=title, sentence=sentence), status

    def show_missing(_error: Exception) -> ResponseReturnValue:
        """Say that there is no such page, with the menu for those who are logged in."""
        if is_asked_by_program() or not current_user.is_authenticated:
            return show(404, MISSING)
        return render_template("missing.html", title=MISSING[0], sentence=MISSING[1]), 404

    def saying(status: int, words: tuple[str, str]) -> Callable[[Exception], ResponseReturnValue]:
        return lambda _error: show(status, words)

    def show_refused(error: HTTPException) -> ResponseReturnValue:
        """Keep redirects and the like; give every other answer our look."""
        if error.code is None or error.code < 400:  # noqa: PLR2004 - HTTP's border
            return error.get_response()
        if is_asked_by_program():
            return problem_of(error)
        return show(error.code, REFUSED)

    app.register_error_handler(Problem, lambda problem: problem.get_response())
    app.register_error_handler(404, show_missing)
    app.register_error_handler(429, saying(429, TOO_OFTEN))
    app.register_error_handler(CSRFError, saying(400, STALE_FORM))
    app.register_error_handler(OperationalError, saying(503, DATABASE_SILENT))
    app.register_error_handler(PoolTimeout, saying(503, DATABASE_SILENT))
    app.register_error_handler(500, saying(500, FAILED))
    app.register_error_handler(HTTPException, show_refused)

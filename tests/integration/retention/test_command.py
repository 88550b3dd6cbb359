"""`goodsout archived` reads the archive."""

import json
from datetime import timedelta

from typer.testing import CliRunner

from shared.cli.main import commands
from tests.integration.journal.books import Books
from tests.integration.retention.hall import LONG_AGO, an_event, take_turns


def ask(books: Books, *words: str) -> list[dict[str, object]]:
    """Type the command and read its lines."""
    environment = {"DATABASE_URL": books.engine.url.render_as_string(hide_password=False)}
    said = CliRunner().invoke(commands, ["archived", *words], env=environment)
    assert said.exit_code == 0, said.output
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_archived_events_are_written_as_json_lines_the_oldest_first(books: Books) -> None:
    later = an_event(books, LONG_AGO + timedelta(hours=1), subject="502")
    earlier = an_event(books, LONG_AGO, subject="501")
    take_turns(books)

    lines = ask(books, "acme")
    of_one = ask(books, "acme", "--subject", "502")

    assert [line["id"] for line in lines] == [str(earlier), str(later)]
    assert [line["id"] for line in of_one] == [str(later)]
    assert lines[0]["outcome"] == "delivered"
    assert lines[0]["attempts"]

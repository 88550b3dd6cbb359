"""Everything that the API can do, in the order in which its page tells it."""

from collections.abc import Sequence

from services.portal.api.configuration_calls import ConfigurationCalls
from services.portal.api.configuration_shapes import (
    Changed,
    ChangeQuery,
    Configuration,
    ConfigurationChange,
)
from services.portal.api.correction_calls import CorrectionCalls
from services.portal.api.correction_shapes import (
    Corrected,
    CorrectionsTold,
    CorrectionsWish,
    TakenBack,
)
from services.portal.api.issue_calls import IssueCalls
from services.portal.api.issue_shapes import Issues
from services.portal.api.log_calls import LogCalls
from services.portal.api.log_shapes import NoteDetails, NotePage, NotesQuery, Retried
from services.portal.api.operation import Operation
from services.portal.api.standing_calls import StandingCalls
from services.portal.api.standing_shapes import Health, Ledger, LedgerQuery
from services.portal.tokens.token import (
    CONFIGURATION_READ,
    CONFIGURATION_WRITE,
    LEDGER_READ,
    LOG_READ,
    NOTES_CORRECT,
    NOTES_RETRY,
)

UNKNOWN_NOTE = {404: "The account has no such note."}
CORRECTIONS = "/sync-log/<int:note_id>/corrections"
TOO_LATE = {
    **UNKNOWN_NOTE,
    409: "Its order is at ShipHero, or it is not sent at all; or Brightpearl is not connected.",
}


def operations(
    log: LogCalls,
    issues: IssueCalls,
    corrections: CorrectionCalls,
    configuration: ConfigurationCalls,
    standing: StandingCalls,
) -> Sequence[Operation]:
    """List them."""
    return (
        Operation(
            do=log.list_notes, method="GET", path="/sync-log", scope=LOG_READ,
            query=NotesQuery, answer=NotePage,
        ),
        Operation(
            do=log.get_note, method="GET", path="/sync-log/<int:note_id>", scope=LOG_READ,
            answer=NoteDetails, refusals=UNKNOWN_NOTE,
        ),
        Operation(
            do=log.retry_note, method="POST", path="/sync-log/<int:note_id>/retry",
            scope=NOTES_RETRY, answer=Retried, refusals=UNKNOWN_NOTE,
        ),
        Operation(
            do=issues.list_issues, method="GET", path="/issues", scope=LOG_READ, answer=Issues,
        ),
        Operation(
            do=corrections.get_corrections, method="GET", path=CORRECTIONS, scope=LOG_READ,
            answer=CorrectionsTold, refusals=UNKNOWN_NOTE,
        ),
        Operation(
            do=corrections.correct_note, method="PUT", path=CORRECTIONS, scope=NOTES_CORRECT,
            body=CorrectionsWish, answer=Corrected, refusals=TOO_LATE,
        ),
        Operation(
            do=corrections.take_back_corrections, method="DELETE", path=CORRECTIONS,
            scope=NOTES_CORRECT, answer=TakenBack, refusals=TOO_LATE,
        ),
        Operation(
            do=configuration.get_configuration, method="GET", path="/configuration",
            scope=CONFIGURATION_READ, answer=Configuration,
        ),
        Operation(
            do=configuration.change_configuration, method="PATCH", path="/configuration",
            scope=CONFIGURATION_WRITE, query=ChangeQuery, body=ConfigurationChange, answer=Changed,
            refusals={409: "The event owner was given, and Brightpearl is not connected."},
        ),
        Operation(
            do=standing.get_ledger, method="GET", path="/ledger", scope=LEDGER_READ,
            query=LedgerQuery, answer=Ledger,
        ),
        Operation(
            do=standing.get_health, method="GET", path="/health", scope="", answer=Health,
        ),
    )  # fmt: skip

"""The audit trail: who changed what, when, from what, to what. The caller commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.db.portal_tables import AuditEntry
from shared.journal.record import new_id

# Who did it, where nobody was logged in.
COMMAND_LINE: Final = "command line"

# Every act that leaves an entry, in the words that a person reads.
ACTS: Final[Mapping[str, str]] = {
    "settings_saved": "changed a setting",
    "mapping_saved": "changed a mapping",
    "settings_restored": "went back to earlier settings",
    "connected": "connected a vendor",
    "disconnected": "disconnected a vendor",
    "staff_chosen": "chose the staff contact",
    "fetched_again": "had a list fetched again",
    "retried": "retried a note",
    "sent_again": "sent a note again",
    "order_cancelled": "had an order cancelled in ShipHero",
    "handled": "marked a note as handled",
    "stopped": "had a note wait",
    "let_go": "let a note go on",
    "corrected": "corrected a note on its way",
    "correction_taken_back": "took a note's correction back",
    "commented": "commented on a note",
    "evidence_taken": "took an evidence pack",
    "personal_data_shown": "looked at personal data",
    "issue_acknowledged": "acknowledged what needs attention",
    "issue_opened": "opened again what needs attention",
    "issue_muted": "muted what needs attention",
    "issue_unmuted": "ended the muting of what needs attention",
    "issue_assigned": "assigned what needs attention",
    "issue_commented": "commented on what needs attention",
    "replayed": "replayed an event",
    "discarded": "discarded a dead letter",
    "tried_now": "had a planned event tried at once",
    "compared": "had both vendors' lists compared",
    "repaired": "asked for a repair",
    "registered": "registered the account",
    "confirmed": "confirmed an e-mail address",
    "password_changed": "changed the password",
    "invited": "invited a colleague",
    "invitation_withdrawn": "withdrew an invitation",
    "joined": "joined by an invitation",
    "role_changed": "changed a colleague's role",
    "removed": "removed a colleague",
    "session_ended": "ended a session",
    "two_factor_changed": "switched the second factor",
    "recovery_codes_made": "made recovery codes",
    "notifications_chosen": "chose what mail they get",
    "mail_sent_again": "had mail sent to an address again",
    "destination_added": "added a destination of notices",
    "destination_changed": "changed a destination of notices",
    "destination_secret_changed": "gave a webhook another secret",
    "destination_switched": "switched a destination of notices",
    "destination_tested": "sent a test to a destination",
    "destination_removed": "removed a destination of notices",
    "token_made": "made an API token",
    "token_revoked": "revoked an API token",
    "queue_redriven": "put a queue's unreadable messages back",
}


def record_act(
    session: Session,
    account_id: UUID,
    *,
    who: str,
    act: str,
    now: datetime,
    subject: str = "",
    before: str = "",
    after: str = "",
) -> None:
    """Keep that `who` did `act` (a code of ACTS) in the transaction that does it; no secrets."""
    if act not in ACTS:
        raise ValueError(f"{act!r} is no act of the audit trail; add it to ACTS with its words")
    session.add(
        AuditEntry(
            id=new_id(),
            account_id=account_id,
            at=now,
            who=who,
            act=act,
            subject=subject,
            before=before,
            after=after,
        )
    )

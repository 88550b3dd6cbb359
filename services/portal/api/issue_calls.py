"""What needs attention by the API."""

from services.portal.api.issue_shapes import Issues, IssueTold
from services.portal.api.shapes import Nothing
from services.portal.attention.lines import MUTED, OPEN, STATES, Line
from services.portal.attention.reading import read_lines
from services.portal.frame.access import viewer_account
from services.portal.frame.tenants import Tenants
from shared.clock import Now
from shared.issues.counts import counts
from shared.issues.marks import marks_of


class IssueCalls:
    """Reads for the account whose token was shown."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def list_issues(self, *, query: Nothing) -> Issues:  # noqa: ARG002 - every call has one
        """Tell what needs attention: one line for each reason, with what people did about it.

        As the portal's page Needs attention shows it. A line goes once no note of it is left.
        """
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            found, marks = counts(session, account_id), marks_of(session, account_id)
            lines = read_lines(session, account_id, found, marks, now=self._now())
        lines.sort(key=lambda one: STATES.index(one.state))
        is_open = sum(one.state == OPEN for one in lines)
        return Issues(open=is_open, issues=[_told(one) for one in lines])


def _told(line: Line) -> IssueTold:
    muted_until = line.mark.muted_until if line.mark and line.state == MUTED else None
    return IssueTold.model_validate(
        {
            "title": line.title,
            "reason_code": line.issue.code,
            "way": line.issue.way,
            "key": line.issue.key,
            "state": line.state,
            "notes": line.count.notes,
            "sums": line.count.sums,
            "first_at": line.count.first,
            "last_at": line.count.last,
            "whose_turn": line.reason.whose_turn,
            "remedy": line.reason.remedy,
            "assigned_to": line.assignee,
            "muted_until": muted_until,
        }
    )

"""The Team page: who may do what in the account; owners invite, change and remove."""

from collections.abc import Callable
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlmodel import Session

from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.people.accounts import ROLES, role_of
from services.portal.people.invitations import invite, open_invitations, send_again, withdraw
from services.portal.people.mailing import MAILING, Mailing
from services.portal.people.team_acts import (
    Actor,
    RefusedError,
    change_role,
    find,
    is_last_owner,
    mail_again,
    remove,
    team,
)
from shared.bounces import PAUSED_AFTER, bounces
from shared.clock import Now
from shared.db.columns import GREATEST_INTEGER

Act = Callable[[Session, Actor], str]


class TeamPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """Show the people and the open invitations."""
        return self._page()

    def invite(self) -> ResponseReturnValue:
        """Invite an address."""
        email, role = request.form.get("email", "")[:254], request.form.get("role", "")
        mailing = _mailing()

        def act(session: Session, actor: Actor) -> str:
            row = invite(session, actor, email=email, role=role, link_of=_link, box=mailing.box)
            return f"{row.email} is invited. The link in the mail is valid for 7 days."

        try:
            self._do(act)
        except RefusedError as refused:
            return self._page(problem=str(refused), email=email, role=role), 400
        return redirect(url_for("team.show"))

    def send_again(self, invitation_id: UUID) -> ResponseReturnValue:
        """Send an invitation with a new link."""
        box = _mailing().box

        def act(session: Session, actor: Actor) -> str:
            row = send_again(session, actor, invitation_id, link_of=_link, box=box)
            return f"{row.email} is sent a new link; the earlier one does not work any more."

        return self._and_back(act)

    def withdraw(self, invitation_id: UUID) -> ResponseReturnValue:
        """Withdraw an invitation."""

        def act(session: Session, actor: Actor) -> str:
            row = withdraw(session, actor, invitation_id)
            return f"The invitation of {row.email} is withdrawn; its link does not work any more."

        return self._and_back(act)

    def change_role(self, user_id: int) -> ResponseReturnValue:
        """Give a person another role."""
        role = request.form.get("role", "")

        def act(session: Session, actor: Actor) -> str:
            user = change_role(session, actor, user_id, role)
            return f"{user.email} is {role} now."

        return self._and_back(act)

    def ask_to_remove(self, user_id: int) -> ResponseReturnValue:
        """Say what removing does, and ask."""
        with self._tenants.open_reading() as session:
            try:
                user = find(session, viewer_account(), user_id)
            except RefusedError as refused:
                flash(str(refused), "problem")
                return redirect(url_for("team.show"))
            is_last = is_last_owner(session, viewer_account(), user) and role_of(user) == ROLES[0]
        return render_template("people/remove.html", person=user, is_last_owner=is_last)

    def remove(self, user_id: int) -> ResponseReturnValue:
        """Remove a person; their log-ins end."""

        def act(session: Session, actor: Actor) -> str:
            return f"{remove(session, actor, user_id)} is removed and logged out everywhere."

        return self._and_back(act)

    def mail_again(self, user_id: int) -> ResponseReturnValue:
        """Send mail to an address again that came back."""

        def act(session: Session, actor: Actor) -> str:
            return f"{mail_again(session, actor, user_id)} gets mail again from now on."

        return self._and_back(act)

    def _and_back(self, act: Act) -> ResponseReturnValue:
        try:
            self._do(act)
        except RefusedError as refused:
            flash(str(refused), "problem")
        return redirect(url_for("team.show"))

    def _do(self, act: Act) -> None:
        actor = Actor(account_id=viewer_account(), who=viewer_name(), now=self._now())
        with self._tenants.open_session() as session:
            done = act(session, actor)
            session.commit()
        flash(done, "done")

    def _page(self, problem: str = "", email: str = "", role: str = "operator") -> str:
        with self._tenants.open_reading() as session:
            people = [(one, role_of(one)) for one in team(session, viewer_account())]
            waiting = open_invitations(session, viewer_account())
            back = {one.email: one for one in bounces(session, viewer_account())}
        return render_template(
            "people/team.html",
            people=people,
            invitations=waiting,
            bounces=back,
            paused_after=PAUSED_AFTER,
            now=self._now(),
            roles=ROLES,
            me=current_user.id,
            may_decide=may(Need.OWNER),
            problem=problem,
            email=email,
            role=role,
        )


def team_routes(pages: TeamPages) -> Room:
    """Build the routes; whoever is no owner sees the list."""
    routes = Room("team", __name__, url_prefix="/team")
    routes.page("", pages.show, Need.VIEWER)
    routes.act("/invite", pages.invite, Need.OWNER)
    routes.act("/invitations/<uuid:invitation_id>/again", pages.send_again, Need.OWNER)
    routes.act("/invitations/<uuid:invitation_id>/withdraw", pages.withdraw, Need.OWNER)
    person = f"/<int(max={GREATEST_INTEGER}):user_id>"
    routes.act(f"{person}/role", pages.change_role, Need.OWNER)
    routes.act(f"{person}/mail-again", pages.mail_again, Need.OPERATOR)
    routes.page(f"{person}/remove", pages.ask_to_remove, Need.OWNER)
    routes.act(f"{person}/remove", pages.remove, Need.OWNER)
    return routes


def _mailing() -> Mailing:
    kept: Mailing = current_app.extensions[MAILING]
    return kept


def _link(token: str) -> str:
    return _mailing().address_of("invitation.show", token=token)

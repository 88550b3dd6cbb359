"""What the mails about log-ins say; pure."""

from shared.mails import Notice

NOT_YOU = "If you did not ask for this, leave this mail alone: nothing changes."


def confirmation(link: str) -> Notice:
    """Ask to confirm an address."""
    return Notice(
        subject="Confirm your e-mail address for Goodsout",
        heading="Confirm your e-mail address",
        paragraphs=("Your account is nearly ready. Confirm your address, then log in.",),
        label="Confirm my address",
        link=link,
        small=f"The link is valid for 2 days. {NOT_YOU}",
    )


def known_already(link: str) -> Notice:
    """Tell somebody who registered once more that they have a log-in, and nobody else."""
    return Notice(
        subject="You have a Goodsout log-in already",
        heading="You have a log-in already",
        paragraphs=(
            "Somebody, probably you, just registered with this e-mail address.",
            "It has a log-in already, so nothing was changed.",
            "If you forgot the password, set a new one.",
        ),
        label="Set a new password",
        link=link,
        small="The link is valid for 1 hour. If it was not you, leave this mail alone.",
    )


def reset(link: str) -> Notice:
    """Lead to where a new password is set."""
    return Notice(
        subject="Set a new password for Goodsout",
        heading="Set a new password",
        paragraphs=("You asked for a new password. Until you set one, the old one stays valid.",),
        label="Set a new password",
        link=link,
        small=f"The link is valid for 1 hour and works once. {NOT_YOU}",
    )


def password_changed(link: str) -> Notice:
    """Tell that a password was changed."""
    return Notice(
        subject="Your Goodsout password was changed",
        heading="Your password was changed",
        paragraphs=(
            "Your password was changed just now, and you were logged out everywhere else.",
            "If it was not you, set a new password at once and tell the owner of your account.",
        ),
        label="Set a new password",
        link=link,
    )


def invitation(*, company: str, invited_by: str, role: str, link: str) -> Notice:
    """Invite a colleague."""
    return Notice(
        subject=f"Join {company} on Goodsout",
        heading=f"Join {company} on Goodsout",
        paragraphs=(
            f"{invited_by} invites you to the Goodsout account of {company}, as {role}.",
            "Set your name and a password, and you are in.",
        ),
        label="Accept the invitation",
        link=link,
        small="The link is valid for 7 days. If you do not know them, leave this mail alone.",
    )

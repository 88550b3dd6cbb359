"""Brightpearl's OAuth: codes, access tokens and refresh tokens of an account (section 3)."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from sandbox.brightpearl.credentials import BEARER
from sandbox.store import Change, Document
from sandbox.world import World

FIRST_INSTANCE = 21
APPROVING_PERSON = 32  # by the name of the option, calls run as who approved [I]
DEAD = "The auth token has either expired or does not exist"
OTHER_REDIRECT = "Redirect uri does not match that used to request auth token"


class Ungranted(Exception):  # noqa: N818 - it is an answer
    """No token is given: the error's code and, where the vendor has one, its sentence."""

    def __init__(self, error: str, description: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


def check_client(world: World, form: Mapping[str, str]) -> None:
    """Let only the one confidential client pass that the settings know."""
    settings = world.settings
    known = (settings.client_id, settings.client_secret)
    if (form.get("client_id"), form.get("client_secret")) != known:
        raise Ungranted("invalid_client")


def new_code(world: World, account: str, redirect_uri: str) -> str:
    """Give the code that goes back with the person's browser after "Approve"."""
    code = _secret()
    life = world.switches.of(account).code_life
    kept = {"account": account, "redirect_uri": redirect_uri}
    with world.change() as change:
        change.put("bp_code", code, {**kept, "expires_at": world.clock.now() + life})
    return code


def exchange_code(world: World, account: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Turn a code into tokens, once; only this answer names the installation."""
    code = form.get("code", "")
    with world.change() as change:
        kept = change.get("bp_code", code)
        if kept is None or kept["account"] != account or kept["expires_at"] <= world.clock.now():
            raise Ungranted("invalid_grant", DEAD)
        if kept["redirect_uri"] != form.get("redirect_uri"):
            raise Ungranted("invalid_grant", OTHER_REDIRECT)
        change.delete("bp_code", code)
        installation = str(change.next_id(f"bp_instance@{account}", FIRST_INSTANCE))
        refresh = _put_refresh(change, account, installation)
        access = _put_access(world, change, account, refresh)
    return {**_answer(access, world), "installation_instance_id": installation}


def exchange_refresh(world: World, account: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Turn a refresh token into tokens; whether it lives on is for a switch to say."""
    switches, now = world.switches.of(account), world.clock.now()
    with world.change() as change:
        kept = change.get("bp_refresh", form.get("refresh_token", ""))
        if kept is None or kept["account"] != account or kept["ends_at"] <= now:
            raise Ungranted("invalid_grant", DEAD)
        refresh = change.edit("bp_refresh", kept["token"])
        before = change.get("bp_credential", refresh["access"])
        if switches.refresh_rotation != "keep":
            grace = switches.refresh_grace if "grace" in switches.refresh_rotation else 0.0
            refresh["ends_at"] = min(refresh["ends_at"], now + grace)
            refresh = _put_refresh(change, account, refresh["instance_id"])
        if switches.early_refresh == "same" and before and before["expires_at"] > now:
            refresh["access"] = before["token"]
            return _answer({**before, "refresh": refresh["token"]}, world)
        if switches.refresh_ends_access and before:
            change.delete("bp_credential", before["token"])
        return _answer(_put_access(world, change, account, refresh), world)


def expire(world: World, account: str) -> int:
    """Let every access token that OAuth gave for an account be expired now."""
    with world.change() as change:
        standing = [c for c in _credentials(world, account) if c["header"] == BEARER]
        for credential in standing:
            change.edit("bp_credential", credential["token"])["expires_at"] = world.clock.now()
    return len(standing)


def revoke(world: World, account: str, *, is_private: bool = False) -> int:
    """Take back an account's OAuth tokens of both kinds, or those of its private apps."""
    with world.change() as change:
        gone = [c for c in _credentials(world, account) if (c["header"] != BEARER) == is_private]
        for credential in gone:
            change.delete("bp_credential", credential["token"])
        if not is_private:
            for refresh in world.store.find("bp_refresh", "account", account):
                change.delete("bp_refresh", refresh["token"])
    return len(gone)


def _credentials(world: World, account: str) -> list[Document]:
    return world.store.find("bp_credential", "account", account)


def _put_refresh(change: Change, account: str, installation: str) -> Document:
    kept = {"account": account, "instance_id": installation, "access": "", "ends_at": _NEVER}
    token = _secret()
    return change.put("bp_refresh", token, {"token": token, **kept})


def _put_access(world: World, change: Change, account: str, refresh: Document) -> Document:
    token, settings = _secret(), world.settings
    access = {
        "token": token,
        "account": account,
        "app_ref": settings.client_id,
        "dev_ref": settings.dev_ref,
        "header": BEARER,
        "pool": f"oauth {settings.dev_ref}",
        "instance_id": refresh["instance_id"],
        "contact_id": APPROVING_PERSON,
        "expires_at": world.clock.now() + world.switches.of(account).access_token_life,
        "refresh": refresh["token"],
    }
    refresh["access"] = token
    return change.put("bp_credential", token, access)


def _answer(access: Document, world: World) -> dict[str, Any]:
    return {
        "access_token": access["token"],
        "refresh_token": access["refresh"],
        "token_type": "Bearer",
        "expires_in": int(access["expires_at"] - world.clock.now()),
    }


def _secret() -> str:
    """Make a token as the vendor's are: with the characters that must be url-encoded."""
    return f"{secrets.token_urlsafe(4)}+/{base64.b64encode(secrets.token_bytes(32)).decode()}"


_NEVER = 9e12  # JSON has no infinity

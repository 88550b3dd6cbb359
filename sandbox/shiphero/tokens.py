"""ShipHero's tokens: password and refresh flows over a table (contract section 1)."""

import base64
import json
import secrets
from typing import Any

from sandbox.shiphero.visit import Caller
from sandbox.store import Document
from sandbox.world import World

_SCOPE = "openid profile offline_access"
_NEVER = 10 * 365 * 86_400.0


def by_password(world: World, username: object, password: object) -> dict[str, Any] | None:
    """Answer `/auth/token`, or None for a wrong user or password."""
    user = world.store.get("sh_user", username)
    if user is None or user["password"] != password or _is_suspended(world, user["account"]):
        return None
    return {**_issued(world, user), "refresh_token": user["refresh_token"]}


def by_refresh_token(world: World, token: object) -> dict[str, Any] | None:
    """Answer `/auth/refresh`; as a rule there is no new refresh token in it."""
    for user in world.store.all("sh_user"):
        if user["refresh_token"] != token or _is_suspended(world, user["account"]):
            continue
        issued = _issued(world, user)
        if world.switches.now.refresh_gives_refresh_token:
            issued["refresh_token"] = _turned(world, user)
        return issued
    return None


def caller_of(world: World, authorization: str) -> Caller | None:
    """Find who sent a bearer token that is known, not expired, of an account in good standing."""
    token = world.store.get("sh_token", authorization.removeprefix("Bearer ").strip())
    if token is None or token["expires_at"] < world.clock.now():
        return None
    account = world.store.get("sh_account", token["account"])
    if account is None or account.get("suspended"):
        return None
    return Caller(account, token.get("scopes"))


def add_user(world: World, username: str, **wanted: Any) -> dict[str, Any]:
    """Let one more user log in, with chosen scopes or, with None, all; give its credentials."""
    user = {
        "username": username,
        "password": wanted.get("password") or secrets.token_urlsafe(8),
        "refresh_token": wanted.get("refresh_token") or secrets.token_urlsafe(24),
        "account": int(wanted["account"]),
        "scopes": wanted.get("scopes"),
    }
    with world.change() as change:
        change.put("sh_user", username, user)
    return {**user, "access_token": _issued(world, user)["access_token"]}


def expire(world: World, account: int) -> int:
    """Let every access token of an account be expired now; refresh tokens stay good."""
    with world.change() as change:
        standing = [key for key, token in _tokens(world) if token["account"] == account]
        for key in standing:
            change.edit("sh_token", key)["expires_at"] = world.clock.now() - 1
    return len(standing)


def revoke(world: World, account: int) -> int:
    """Take back access and refresh tokens of an account; only the password flow is left."""
    with world.change() as change:
        gone = [key for key, token in _tokens(world) if token["account"] == account]
        for key in gone:
            change.delete("sh_token", key)
        for user in world.store.all("sh_user"):
            if user["account"] == account:
                change.edit("sh_user", user["username"])["refresh_token"] = _new_refresh_token()
    return len(gone)


def suspend(world: World, account: int, *, suspended: bool) -> None:
    """Suspend an account or take it back: its tokens stop and start working (section 1)."""
    with world.change() as change:
        change.edit("sh_account", account)["suspended"] = suspended


def _tokens(world: World) -> list[tuple[str, Document]]:
    return [(token["token"], token) for token in world.store.all("sh_token")]


def _is_suspended(world: World, account: int) -> bool:
    return bool((world.store.get("sh_account", account) or {}).get("suspended"))


def _turned(world: World, user: Document) -> str:
    with world.change() as change:
        kept = change.edit("sh_user", user["username"])
        kept["refresh_token"] = _new_refresh_token()
    return str(kept["refresh_token"])


def _new_refresh_token() -> str:
    return secrets.token_urlsafe(24)


def keep_token(world: World, token: str, user: Document, life: float = _NEVER) -> None:
    """Let a text be an access token of a user."""
    expires = {"expires_at": world.clock.now() + life}
    scopes = {"account": user["account"], "scopes": user.get("scopes")}
    with world.change() as change:
        change.put("sh_token", token, {"token": token, **scopes, **expires})


def _issued(world: World, user: Document) -> dict[str, Any]:
    now, life = world.clock.now(), world.switches.now.token_life
    claims = {"iss": "sandbox", "sub": user["username"], "iat": int(now), "exp": int(now) + life}
    head = {"typ": "JWT", "alg": "none"}
    token = f"{_part(head)}.{_part(claims)}.{secrets.token_urlsafe(16)}"
    keep_token(world, token, user, life)
    scopes = user.get("scopes")
    return {
        "access_token": token,
        "expires_in": life,
        "scope": _SCOPE if scopes is None else " ".join([_SCOPE, *scopes]),
        "token_type": "Bearer",
    }


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

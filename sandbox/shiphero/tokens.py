"""ShipHero's tokens: password and refresh flows over a table (contract section 1)."""

import base64
import json
import secrets
from typing import Any

from sandbox.store import Document
from sandbox.world import World

LIFE = 2_419_200  # 28 days, documented
_SCOPE = "openid profile offline_access"


def by_password(world: World, username: object, password: object) -> dict[str, Any] | None:
    """Answer `/auth/token`, or None for a wrong user or password."""
    for user in world.store.all("sh_user"):
        if user["username"] == username and user["password"] == password:
            return {**_issued(world, user), "refresh_token": user["refresh_token"]}
    return None


def by_refresh_token(world: World, token: object) -> dict[str, Any] | None:
    """Answer `/auth/refresh`; there is no new refresh token in it."""
    for user in world.store.all("sh_user"):
        if user["refresh_token"] == token:
            return _issued(world, user)
    return None


def account_of(world: World, authorization: str) -> Document | None:
    """Find the account of a bearer token that is known and not expired."""
    token = world.store.get("sh_token", authorization.removeprefix("Bearer ").strip())
    if token is None or token["expires_at"] < world.clock.now():
        return None
    return world.store.get("sh_account", token["account"])


def _issued(world: World, user: Document) -> dict[str, Any]:
    now = world.clock.now()
    claims = {"iss": "sandbox", "sub": user["username"], "iat": int(now), "exp": int(now) + LIFE}
    head = {"typ": "JWT", "alg": "none"}
    token = f"{_part(head)}.{_part(claims)}.{secrets.token_urlsafe(16)}"
    with world.change() as change:
        change.put("sh_token", token, {"account": user["account"], "expires_at": now + LIFE})
    return {
        "access_token": token,
        "expires_in": LIFE,
        "scope": _SCOPE,
        "token_type": "Bearer",
    }


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

"""Webhook subscriptions over HTTP (contract section 12)."""

from typing import Any

from flask import Blueprint, Response

from sandbox.brightpearl import hooks
from sandbox.brightpearl.bodies import read_body
from sandbox.brightpearl.faults import Refused, bad_request, none_found
from sandbox.brightpearl.id_sets import ids_in
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.store import Document
from sandbox.world import World

FIRST_WEBHOOK = 121
MOST_SIMULATED = 10
_WEBHOOKS = "/integration-service/webhook"
_METHODS = ("GET", "POST", "PUT", "DELETE")
_REQUIRED = ("${lifecycle-event}", "${account-code}", "${resource-type}", "${resource-id}")
_SHOWN = (
    "id",
    "subscribeTo",
    "httpMethod",
    "uriTemplate",
    "bodyTemplate",
    "contentType",
    "idSetAccepted",
    "qualityOfService",
)


def add_webhook_routes(routes: Blueprint, world: World) -> None:
    """Put the webhook routes on the account's blueprint."""
    _add_simulation(routes, world)

    @routes.get(_WEBHOOKS, endpoint="get-webhook", defaults={"ids": None})
    @routes.get(f"{_WEBHOOKS}/<ids>", endpoint="get-webhook")
    def read(account: str, ids: str | None) -> Response:
        wanted = None if ids is None else set(ids_in(ids, limit=500))
        kept = world.store.all(shelf("bp_webhook", account))
        found = [w for w in kept if wanted is None or w["id"] in wanted]
        if not found:
            # Text recorded for an id set; an account without any webhook likely answers alike.
            raise none_found(f"No webhooks available in ID Set {ids or '*'}")
        return json_answer({"response": [_shown(webhook) for webhook in found]})

    @routes.post(_WEBHOOKS, endpoint="post-webhook")
    def create(account: str) -> Response:
        wanted = _checked(read_body())
        with world.change() as change:
            kind = shelf("bp_webhook", account)
            number = change.next_id(kind, FIRST_WEBHOOK)
            change.put(kind, number, {"id": number, "account": account, **wanted})
        return json_answer({"response": number})

    @routes.delete(f"{_WEBHOOKS}/<int:number>", endpoint="delete-webhook")
    def delete(account: str, number: int) -> Response:
        _known(world, account, number)
        with world.change() as change:
            change.delete(shelf("bp_webhook", account), number)
        return json_answer({})


def _add_simulation(routes: Blueprint, world: World) -> None:
    @routes.post(f"{_WEBHOOKS}/<int:number>/simulate", endpoint="post-webhook-simulate")
    def simulate(account: str, number: int) -> Response:
        webhook = _known(world, account, number)
        values = _test_values(world, webhook, read_body().get("testData") or {})
        ids = ids_in(values["${resource-id}"], limit=MOST_SIMULATED)
        with world.change() as change:
            if webhook["idSetAccepted"]:
                hooks.send(world, change, webhook, values, [])
            else:
                for one in ids:
                    one_value = {**values, "${resource-id}": str(one)}
                    hooks.send(world, change, webhook, one_value, [])
        return json_answer({})


def _test_values(world: World, webhook: Document, given: dict[str, str]) -> dict[str, str]:
    event = webhook["subscribeTo"]
    return {**hooks.values_for(world, webhook["account"], event, "1"), **given}


def _known(world: World, account: str, number: int) -> Document:
    webhook = world.store.get(shelf("bp_webhook", account), number)
    if webhook is None:
        raise none_found(f"Cannot find webhook: {number}")
    return webhook


def _shown(webhook: Document) -> dict[str, Any]:
    return {name: webhook[name] for name in _SHOWN if webhook.get(name) is not None}


def _checked(body: dict[str, Any]) -> Document:
    """Take a subscription, or refuse it with one error per thing that is wrong."""
    event = str(body.get("subscribeTo") or "")
    if not hooks.may_subscribe(event):
        message = f"{event} either does not exist or cannot be subscribed too"
        raise bad_request(message, "INTC-064")
    method = body.get("httpMethod")
    if method not in _METHODS:
        raise bad_request(f"httpMethod {method} is not one of {', '.join(_METHODS)}")
    has_body = method in {"POST", "PUT"}
    if has_body and not (body.get("bodyTemplate") and body.get("contentType")):
        raise bad_request("bodyTemplate and contentType are required for POST and PUT")
    templates = str(body.get("uriTemplate") or "") + (body["bodyTemplate"] if has_body else "")
    missing = [variable for variable in _REQUIRED if variable not in templates]
    if missing:
        text = "templateUri OR templateBody (for POST/PUT) must contatin the template variable"
        raise Refused(400, *(("INTC-057", f"{text} {variable}") for variable in missing))
    return {
        "subscribeTo": event,
        "httpMethod": method,
        "uriTemplate": body["uriTemplate"],
        "bodyTemplate": body["bodyTemplate"] if has_body else None,
        "contentType": body["contentType"] if has_body else None,
        "idSetAccepted": bool(body.get("idSetAccepted", False)),
        "qualityOfService": int(body.get("qualityOfService") or 0),
    }

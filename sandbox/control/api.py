"""The control room's JSON: make things happen, look, count, break. No log-in, loopback only."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.brightpearl.faults import Refused as NoteRefused
from sandbox.brightpearl.shelf import shelf
from sandbox.control import desk, table
from sandbox.control.ledger import ledger
from sandbox.control.views import delivery_view, note_view, order_view
from sandbox.person import Nonsense, Wish, delete_note, make_sales_orders, make_transfer
from sandbox.receivers import give_secret, received
from sandbox.seed import ACCOUNT
from sandbox.shiphero.faults import Refused as OrderRefused
from sandbox.shiphero.ids import number_in
from sandbox.switches import UnknownSwitch
from sandbox.world import World

Reset = Callable[[], None]


def control_routes(world: World, reset: Reset) -> Blueprint:
    """Build `/control/...`."""
    routes = Blueprint("control", __name__, url_prefix="/control")
    add_errors(routes)
    _add_brightpearl(routes, world)
    _add_shiphero(routes, world)
    _add_counts(routes, world)
    _add_switches(routes, world)
    _add_faults(routes, world)

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(ok=True)

    @routes.get("/described")
    def describe() -> ResponseReturnValue:
        """List every switch and fault of both vendors with what it does."""
        return jsonify(table.as_json())

    @routes.post("/reset")
    def start_again() -> ResponseReturnValue:
        reset()
        return jsonify(ok=True)

    return routes


def add_errors(routes: Blueprint) -> None:
    """Let the control room say in a sentence what it cannot do."""

    @routes.errorhandler(Nonsense)
    @routes.errorhandler(UnknownSwitch)
    @routes.errorhandler(TypeError)
    @routes.errorhandler(ValueError)
    @routes.errorhandler(KeyError)
    def nonsense(error: Exception) -> ResponseReturnValue:
        return jsonify(error=str(error)), HTTPStatus.BAD_REQUEST

    @routes.errorhandler(NoteRefused)
    def note_refused(error: NoteRefused) -> ResponseReturnValue:
        return jsonify(error=error.errors[0]["message"]), HTTPStatus.CONFLICT

    @routes.errorhandler(OrderRefused)
    def order_refused(error: OrderRefused) -> ResponseReturnValue:
        return jsonify(error=error.message), HTTPStatus.CONFLICT


def _add_brightpearl(routes: Blueprint, world: World) -> None:
    @routes.post("/sales-orders")
    def sales_orders() -> ResponseReturnValue:
        return jsonify(orders=make_sales_orders(world, Wish.read(read_body())))

    @routes.post("/transfers")
    def transfers() -> ResponseReturnValue:
        quantity = int(read_body().get("quantity", 12))
        return jsonify(noteId=make_transfer(world, quantity, asked_account())["id"])

    @routes.get("/goods-out-notes")
    def notes() -> ResponseReturnValue:
        return jsonify(
            [note_view(note) for note in world.store.all(shelf("bp_note", asked_account()))]
        )

    @routes.delete("/goods-out-notes/<int:number>")
    def destroy(number: int) -> ResponseReturnValue:
        delete_note(world, number, asked_account())
        return jsonify(noteId=number)

    @routes.post("/goods-out-notes/<int:number>/events")
    def events(number: int) -> ResponseReturnValue:
        codes = [str(code) for code in read_body().get("codes") or []]
        return jsonify(note_view(desk.take_steps(world, number, codes, asked_account())))

    @routes.post("/goods-out-notes/<int:number>/details")
    def details(number: int) -> ResponseReturnValue:
        note = desk.change_details(world, number, read_body(), asked_account())
        return jsonify(note_view(note))


def _add_shiphero(routes: Blueprint, world: World) -> None:
    @routes.get("/shiphero-orders")
    def orders() -> ResponseReturnValue:
        key = request.args.get("partner_order_id")
        store = world.store
        found = store.find("sh_order", "partner_order_id", key) if key else store.all("sh_order")
        return jsonify([order_view(order) for order in found])

    @routes.post("/shiphero-orders/<order>/ship")
    def ship(order: str) -> ResponseReturnValue:
        return jsonify(desk.ship_order(world, number_in(order, "Order"), read_body()))

    @routes.post("/shiphero-orders/<order>/cancel")
    def cancel(order: str) -> ResponseReturnValue:
        return jsonify(order_view(desk.cancel_order(world, number_in(order, "Order"))))

    @routes.post("/shiphero-orders/<order>/holds")
    def holds(order: str) -> ResponseReturnValue:
        return jsonify(order_view(desk.hold_order(world, number_in(order, "Order"), read_body())))


def _add_counts(routes: Blueprint, world: World) -> None:
    @routes.get("/ledger")
    def read_ledger() -> ResponseReturnValue:
        return jsonify(ledger(world, request.args.get("account")))

    @routes.get("/calls")
    def calls() -> ResponseReturnValue:
        return jsonify(world.calls.as_json())

    @routes.post("/calls/reset")
    def reset_calls() -> ResponseReturnValue:
        world.calls.reset()
        return jsonify(ok=True)

    @routes.get("/webhook-deliveries")
    def deliveries() -> ResponseReturnValue:
        return jsonify([delivery_view(each) for each in world.store.all("delivery")])

    @routes.get("/mail")
    def mail() -> ResponseReturnValue:
        return jsonify(world.store.all("mail"))

    @routes.get("/received")
    def notices() -> ResponseReturnValue:
        return jsonify(received(world))

    @routes.post("/received/secret")
    def secret() -> ResponseReturnValue:
        give_secret(world, str(read_body().get("secret", "")))
        return jsonify(ok=True)


def _add_switches(routes: Blueprint, world: World) -> None:
    @routes.get("/switches")
    def read_switches() -> ResponseReturnValue:
        return jsonify(asdict(world.switches.now))

    @routes.post("/switches")
    @routes.patch("/switches", endpoint="patch_switches")
    def turn() -> ResponseReturnValue:
        return jsonify(asdict(world.switches.turn(read_body())))


def _add_faults(routes: Blueprint, world: World) -> None:
    @routes.get("/faults")
    def list_faults() -> ResponseReturnValue:
        return jsonify(world.faults.as_json())

    @routes.post("/faults", endpoint="add_fault")
    def add() -> ResponseReturnValue:
        return jsonify(asdict(world.faults.add(read_body())))

    @routes.delete("/faults", endpoint="remove_faults", defaults={"number": None})
    @routes.delete("/faults/<int:number>", endpoint="remove_faults")
    def remove(number: int | None) -> ResponseReturnValue:
        world.faults.remove(number)
        return jsonify(ok=True)


def asked_account() -> str:
    """Give the Brightpearl account a call is about: `account` in the address or the body."""
    return str(request.args.get("account") or read_body().get("account") or ACCOUNT)


def read_body() -> dict[str, Any]:
    """Read the JSON object that was sent, an empty one where nothing was."""
    sent = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(sent, dict):
        raise Nonsense("The body must be a JSON object.")
    return sent

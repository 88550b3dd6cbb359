"""Brightpearl's switches: budget, tokens, webhooks, and what its documents leave open."""

from dataclasses import dataclass

from sandbox.turnable import switch


@dataclass(frozen=True)
class BrightpearlSwitches:
    """May be turned for all accounts or for one; [?] is "unknown" in the contract."""

    brightpearl_latency: float = switch(0.0, "Seconds every call takes", "§4")
    message_latency: float = switch(
        0.0, "Seconds that each message of a multi-message takes beside [?]", "§15"
    )

    # Budget
    throttle_limit: int = switch(200, "Requests a pool may make in one window", "§4")
    flexible_limit: int = switch(
        0, "The raised limit of an OAuth app's own pool; 0 is the common limit", "§4"
    )
    throttle_window: float = switch(60.0, "Seconds of a window, shrunk by the time scale", "§4")
    throttle_status: int = switch(503, "Status above the limit; 429 [?]", "§4", (503, 429))
    uri_limit: int = switch(4096, "Longest URI, more is 414 [?]", "§4")

    # OAuth and data centres
    access_token_life: float = switch(604_800.0, "Real seconds an access token lives", "§3")
    code_life: float = switch(600.0, "Real seconds a code of the consent page lives", "§3")
    refresh_rotation: str = switch(
        "rotate",
        "A refresh gives a new refresh token and ends the old, keeps it, or ends it later [?]",
        "§3",
        ("rotate", "keep", "rotate_with_grace"),
    )
    refresh_grace: float = switch(
        60.0, "Real seconds the old one lives on with rotate_with_grace [?]", "§3"
    )
    early_refresh: str = switch(
        "new",
        "A refresh before the end gives a new access token, or the same with what is left [?]",
        "§3",
        ("new", "same"),
    )
    refresh_ends_access: bool = switch(
        False, "A refresh ends the access token given before it [?]", "§3"
    )
    moved_answer: str = switch(
        "expired",
        "What the old host says of an account that has moved [?]",
        "§1",
        ("expired", "not_found", "redirect"),
    )

    # Where the documents are silent
    all_missing_notes: str = switch(
        "empty_list",
        "What is read where no note of a set is there",
        "§5",
        ("empty_list", "empty_map", "not_found"),
    )
    unknown_note: int = switch(
        404, "Status of a write to a note that is not there [?]", "§7b", (404, 400)
    )
    repeated_event: str = switch(
        "409",
        "What a step taken twice gets [?]",
        "§7b",
        ("409", "WHSB-061", "has_been_shipped"),
    )
    if_match_mismatch: str = switch(
        "412", "What an old If-Match gets [?]", "§7b", ("412", "409", "ignored")
    )
    long_reference: str = switch(
        "refuse", "What a reference over 64 characters does [?]", "§7a", ("refuse", "cut")
    )
    put_without_priority: str = switch(
        "keep", "What PUT without priority does to it [?]", "§7a", ("keep", "reset")
    )
    put_without_field: str = switch(
        "keep", "What PUT does to other fields it does not name [?]", "§7a", ("keep", "clear")
    )
    delete_needs_reversal: bool = switch(
        True, "A printed, picked or packed note cannot be deleted [?]", "§7c"
    )
    event_owner: str = switch(
        "any", "Whose id an event's owner must be [?]", "§7b", ("any", "contact", "staff")
    )
    enforce_additional_information: bool = switch(
        False, "A method that wants weight or boxes refuses SHW without [?]", "§10"
    )
    utc_offset_as: str = switch("Z", "How times at UTC are written", "§5", ("Z", "+00:00"))
    unknown_filter: str = switch(
        "refuse", "What a search does with an unknown column [?]", "§11", ("refuse", "ignore")
    )
    order_updated_with_note: bool = switch(
        False, "An order's updatedOn moves with its notes [?]", "§8"
    )

    # Webhooks
    webhooks_stopped: bool = switch(False, "No webhook is sent any more; each is lost", "§13")
    webhooks_lost_share: float = switch(0.0, "Share of webhooks lost, 0 to 1", "§13")
    webhooks_doubled_share: float = switch(0.0, "Share of webhooks sent twice, 0 to 1", "§13")
    webhooks_delay: float = switch(0.0, "Seconds every webhook comes late", "§13")
    webhooks_reorder: float = switch(
        0.0, "Seconds within which webhooks overtake each other at random", "§13"
    )
    webhooks_removed_after: int = switch(
        0, "Failed tries in a row after which Brightpearl forgets a webhook; 0 is never [?]", "§13"
    )
    stock_webhooks: bool = switch(
        False, "Notes raise product.modified.on-hand-modified for what they hold", "§12"
    )

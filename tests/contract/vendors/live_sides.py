"""The sides that are real test accounts; what the tests ask of them is counted."""

from collections import Counter
from functools import cached_property
from typing import NoReturn

import pytest

from shared.clock import utc_now
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.brightpearl.hosts import private_base_url
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, OAuthApp
from shared.vendors.calls import Call
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.contract.vendors.live_settings import (
    NEEDED_FOR_OAUTH,
    NEEDED_FOR_TOKENS,
    PREFIX,
    LiveSettings,
)
from tests.contract.vendors.sandbox_sides import opens_brightpearl, opens_shiphero
from tests.contract.vendors.sides import (
    BrightpearlSide,
    ConsentSide,
    OpenNote,
    ShipHeroSide,
    TokensSide,
    Use,
)


class LiveSides:
    """Real test accounts, looked at once and shared by all tests of a run."""

    def __init__(self, settings: LiveSettings) -> None:
        self.settings = settings
        self._calls: Counter[str] = Counter()
        self._credits = 0
        self._notes = settings.notes

    def told(self) -> str:
        """Say what the run asked for."""
        requests, calls = self._calls["brightpearl"], self._calls["shiphero"]
        return (
            f"Asked Brightpearl {requests} requests and ShipHero {calls} requests "
            f"for {self._credits} credits."
        )

    def brightpearl(self) -> BrightpearlSide:
        """Build the side of the private app that was named."""
        return BrightpearlSide(
            client=self._brightpearl,
            stranger=self._brightpearl_client("nobody's token"),
            open_note=self._open_note,
            owner_id=self._owner_id,
        )

    def consent(self) -> ConsentSide:
        """Build the side of the OAuth app that was named, or skip the test."""
        self._need(NEEDED_FOR_OAUTH, "test Brightpearl's OAuth")
        app, account = self._app, self.settings.brightpearl_account
        oauth = BrightpearlOAuth(brightpearl_http(self._count), app, utc_now)
        return ConsentSide(
            oauth=oauth,
            narrow=oauth,
            forged=oauth,
            account=account,
            redirect_uri=self.settings.brightpearl_redirect_uri or "https://example.com/back",
            approve=self._code,
            opens=lambda granted: opens_brightpearl(app, granted, self._count),
            now=utc_now,
        )

    def shiphero(self) -> ShipHeroSide:
        """Build the side of the user that was named."""
        stranger = BearerToken(access_token="nobody's token")
        return ShipHeroSide(
            client=self._shiphero,
            stranger=ShipHero(
                shiphero_http(self._count), stranger, base_url=self.settings.shiphero_url
            ),
            sku=self._sku,
            hook_url=self.settings.shiphero_hook_url,
            ship=_nobody_plays,
            switch_off=_nobody_plays,
        )

    def tokens(self) -> TokensSide:
        """Build ShipHero's token address."""
        settings = self.settings
        return TokensSide(
            tokens=self._shiphero_tokens,
            refresh_token=settings.shiphero_refresh_token.get_secret_value(),
            username=settings.shiphero_username,
            password=settings.shiphero_password.get_secret_value(),
            opens=lambda token: opens_shiphero(settings.shiphero_url, token, self._count),
        )

    def _count(self, call: Call) -> None:
        self._calls[call.vendor] += 1
        self._credits += (call.budget.cost or 0) if call.vendor == "shiphero" else 0

    @cached_property
    def _brightpearl(self) -> Brightpearl:
        return self._brightpearl_client(self.settings.brightpearl_staff_token.get_secret_value())

    def _brightpearl_client(self, token: str) -> Brightpearl:
        settings = self.settings
        base_url = private_base_url(
            settings.brightpearl_data_centre, settings.brightpearl_account, extra=settings.hosts
        )
        app = StaffApp(app_ref=settings.brightpearl_app_ref, staff_token=token)
        return Brightpearl(brightpearl_http(self._count), app, base_url=base_url)

    @cached_property
    def _owner_id(self) -> int:
        return self._brightpearl.staff_contacts()[0].contact_id

    @cached_property
    def _note_to_read(self) -> OpenNote:
        named = self.settings.notes
        page = self._brightpearl.search_goods_out_notes(
            shipped=False, transfer=False, page_size=len(named) + 1
        )
        found = [one.goods_out_note_id for one in page.notes if one.goods_out_note_id not in named]
        if not found:
            pytest.fail(
                f"The Brightpearl account {self.settings.brightpearl_account} has no open "
                f"goods-out note beside {PREFIX}BRIGHTPEARL_NOTES: make a sales order with one "
                "there, and run this again."
            )
        return self._known_note(found[0])

    def _open_note(self, use: Use) -> OpenNote:
        if use is Use.READ:
            return self._note_to_read
        # The last one is written to and never shipped: it is there for every test of that kind.
        if len(self._notes) < (2 if use is Use.SHIPPED else 1):
            pytest.skip(f"name more open goods-out notes in {PREFIX}BRIGHTPEARL_NOTES")
        return self._known_note(self._notes.pop(0) if use is Use.SHIPPED else self._notes[-1])

    def _known_note(self, note_id: int) -> OpenNote:
        note = self._brightpearl.goods_out_notes([note_id]).get(note_id)
        if note is None or note.shipped or note.transfer:
            pytest.fail(
                f"Goods-out note {note_id} of {PREFIX}BRIGHTPEARL_NOTES is not an open note "
                "of a sales order: name another one."
            )
        product_id = next(part.product_id for parts in note.order_rows.values() for part in parts)
        return OpenNote(id=note_id, order_id=note.order_id, product_id=product_id)

    @cached_property
    def _app(self) -> OAuthApp:
        settings = self.settings
        return OAuthApp(
            client_id=settings.brightpearl_client_id,
            client_secret=settings.brightpearl_client_secret.get_secret_value(),
            dev_ref=settings.brightpearl_dev_ref,
            oauth_url=settings.brightpearl_oauth_url,
            hosts=settings.hosts,
        )

    def _code(self, _redirect_uri: str) -> str:
        self._need(NEEDED_FOR_TOKENS, "exchange a code")
        return self.settings.brightpearl_code.get_secret_value()

    @cached_property
    def _shiphero_tokens(self) -> ShipHeroTokens:
        return ShipHeroTokens(shiphero_http(self._count), base_url=self.settings.shiphero_url)

    @cached_property
    def _shiphero(self) -> ShipHero:
        settings = self.settings
        refresh_token = settings.shiphero_refresh_token.get_secret_value()
        access_token = self._shiphero_tokens.refresh(refresh_token).access_token
        return ShipHero(
            shiphero_http(self._count),
            BearerToken(access_token=access_token),
            customer_account_id=settings.shiphero_customer_account or None,
            base_url=settings.shiphero_url,
        )

    @cached_property
    def _sku(self) -> str:
        products = self._shiphero.products_page().rows
        if not products:
            pytest.fail("The ShipHero account has no product: make one, and run this again.")
        return products[0].sku

    def _need(self, names: tuple[str, ...], purpose: str) -> None:
        if missing := self.settings.missing(*names):
            pytest.skip(f"set {', '.join(missing)} to {purpose}")


def _nobody_plays(_id: str) -> NoReturn:
    raise AssertionError("only a played vendor can be asked for that")

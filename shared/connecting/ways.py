"""The ways to both vendors of one process, and clients made of credentials."""

from shared.clock import Now
from shared.connecting.proof import Headers, Proof, Renew, once_more
from shared.connecting.settings import VendorSettings
from shared.connecting.stored import Stored
from shared.metrics.vendor_calls import count_call
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, OAuthApp, OAuthToken
from shared.vendors.calls import Allowance
from shared.vendors.http import Patience
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens


class Ways:
    """Opened once for all accounts of a process; may be shared by threads."""

    def __init__(self, settings: VendorSettings, *, patience: Patience, now: Now) -> None:
        self.settings, self.now = settings, now
        self.brightpearl_http = brightpearl_http(count_call, patience=patience)
        self.shiphero_http = shiphero_http(count_call, patience=patience)
        self.app = OAuthApp(
            client_id=settings.brightpearl_client_id,
            client_secret=settings.brightpearl_client_secret.get_secret_value(),
            dev_ref=settings.brightpearl_dev_ref,
            oauth_url=settings.brightpearl_oauth_url,
            hosts=settings.extra_brightpearl_hosts,
        )

    @property
    def brightpearl_oauth(self) -> BrightpearlOAuth:
        """Brightpearl's consent page and token address."""
        return BrightpearlOAuth(self.brightpearl_http, self.app, now=self.now)

    @property
    def shiphero_tokens(self) -> ShipHeroTokens:
        """ShipHero's token address."""
        return ShipHeroTokens(self.shiphero_http, base_url=self.settings.shiphero_url)

    def brightpearl(
        self, stored: Stored, *, renew: Renew = once_more, allowance: Allowance | None = None
    ) -> Brightpearl:
        """Make a client of credentials, stored or about to be."""
        return Brightpearl(
            self.brightpearl_http,
            self.brightpearl_proof(stored, renew),
            base_url=stored.base_url,
            allowance=allowance,
        )

    def shiphero(
        self, stored: Stored, *, renew: Renew = once_more, allowance: Allowance | None = None
    ) -> ShipHero:
        """Make a client of credentials, stored or about to be."""
        return ShipHero(
            self.shiphero_http,
            self.shiphero_proof(stored, renew),
            customer_account_id=stored.vendor_account or None,
            base_url=stored.base_url,
            allowance=allowance,
        )

    def brightpearl_proof(self, stored: Stored, renew: Renew) -> Proof:
        """Show a private app's token, or the one that was granted to our own app."""
        return _proof(stored, self._brightpearl_headers(stored), renew)

    def shiphero_proof(self, stored: Stored, renew: Renew) -> Proof:
        """Show the user's access token."""
        return _proof(stored, BearerToken(access_token=stored.secrets["access_token"]), renew)

    def _brightpearl_headers(self, stored: Stored) -> Headers:
        if "staff_token" in stored.secrets:
            return StaffApp(
                app_ref=stored.secrets["app_ref"], staff_token=stored.secrets["staff_token"]
            )
        return OAuthToken(
            app=self.app,
            access_token=stored.secrets["access_token"],
            base_url=stored.base_url,
        )


def _proof(stored: Stored, headers: Headers, renew: Renew) -> Proof:
    return Proof(made_by=headers, base_url=stored.base_url, version=stored.version, renew=renew)

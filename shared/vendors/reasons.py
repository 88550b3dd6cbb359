"""Every reason code a vendor client may raise, with the sentence that explains it."""

from collections.abc import Mapping

from shared.vendors import http
from shared.vendors.brightpearl import faults as brightpearl
from shared.vendors.shiphero import faults as shiphero

REASONS: Mapping[str, str] = {**http.REASONS, **brightpearl.REASONS, **shiphero.REASONS}

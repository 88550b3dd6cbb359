"""The six classes of error that cross borders; anything else that is raised is a bug.

Vendor clients raise them, `shared.messaging.delivery` turns each into a verdict. The message is
for a person: it says who, what, which id and what happens or what to do next.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class VendorTrace:
    """What a vendor's support asks for, kept with the attempt.

    `request_ids` are Brightpearl's `Ruid` or ShipHero's `request_id`, oldest first.
    """

    request_ids: tuple[str, ...] = ()


class GoodsoutError(Exception):
    """The parent of the six, never raised itself."""

    def __init__(self, sentence: str, *, code: str = "", trace: VendorTrace | None = None) -> None:
        """`code` is a reason code of `docs/reasons.md`; the sentence is what a person reads."""
        super().__init__(sentence)
        self.code = code or type(self).default_code
        self.trace = trace or VendorTrace()

    default_code = "unexpected"


class Transient(GoodsoutError):  # noqa: N818 - the glossary's word; "Error" would add nothing
    """It failed, nothing happened at the vendor, and a later attempt may succeed."""

    default_code = "vendor_trouble"

    def __init__(
        self,
        sentence: str,
        *,
        retry_after: float | None = None,
        code: str = "",
        trace: VendorTrace | None = None,
    ) -> None:
        """`retry_after` is the vendor's own wish, in seconds; None when it named none."""
        super().__init__(sentence, code=code, trace=trace)
        self.retry_after = retry_after


class Throttled(GoodsoutError):  # noqa: N818 - see Transient
    """The vendor's budget is used up until `until` (zoned); waiting uses no attempt."""

    default_code = "out_of_budget"

    def __init__(
        self, sentence: str, *, until: datetime, code: str = "", trace: VendorTrace | None = None
    ) -> None:
        """`until` is when the window opens or enough credits are back."""
        super().__init__(sentence, code=code, trace=trace)
        self.until = until


class Permanent(GoodsoutError):  # noqa: N818 - see Transient
    """It will fail again however often it is tried; a person has to act."""

    default_code = "refused"


class UnknownOutcome(GoodsoutError):  # noqa: N818 - see Transient
    """A write may or may not have happened: look before it is repeated."""

    default_code = "checking"


class ConnectionBroken(GoodsoutError):  # noqa: N818 - see Transient
    """The vendor refused our credentials; the account's owner has to reconnect."""

    default_code = "connection_broken"

    def __init__(
        self,
        sentence: str,
        *,
        vendor: str = "",
        version: int | None = None,
        code: str = "",
        trace: VendorTrace | None = None,
    ) -> None:
        """`vendor` is "brightpearl" or "shiphero": everything waiting for it is held.

        `version` is that of the credentials which were refused, None when it is not known: what
        older ones met says nothing about the present ones.
        """
        super().__init__(sentence, code=code, trace=trace)
        self.vendor = vendor
        self.version = version


class OurTrouble(GoodsoutError):  # noqa: N818 - see Transient
    """Our own database, disk, network or setting: no attempt is used, nothing is settled."""

    default_code = "our_trouble"

    def __init__(
        self,
        sentence: str,
        *,
        retry_after: float | None = None,
        code: str = "",
        trace: VendorTrace | None = None,
    ) -> None:
        """`retry_after`, in seconds, is for what only the operator ends; None is soon."""
        super().__init__(sentence, code=code, trace=trace)
        self.retry_after = retry_after

"""Tell what is about a person in a vendor's words, mark it, and show the marked to whom one may.

What is known to say nothing of a person is listed; every other text counts as personal, so that a
field which a vendor adds is hidden until somebody has looked at it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

# The only key of what stands in the place of a personal text.
MARK: Final = "~personal"
NEVER_KEPT: Final = "(never kept)"
LONGEST: Final = 300  # characters of one text

# Names of fields in lower case without underscores, so that they fit both vendors' spelling.
PLAIN: Final = frozenset({
    # ids, numbers and keys
    "id", "legacyid", "ordernumber", "partnerorderid", "partnerlineitemid", "reference", "sequence",
    "requestid", "sku", "productsku", "orderrowsequence", "label", "uri", "nominalcode",
    # what is sent, and how
    "productname", "title", "carrier", "method", "shippingmethod", "shippingname", "boxname",
    "trackingnumber", "alternatetrackingid", "shopname", "tags", "warehouse",
    # standing
    "status", "fulfillmentstatus", "trackingstatus", "eventcode", "ordertypecode",
    "orderpaymentstatus", "allocationstatuscode", "shippingstatuscode", "taxcode",
    # money and measures
    "currency", "currencycode", "ordercurrencycode", "accountingcurrencycode", "value", "magnitude",
    "price", "cost", "total", "totalprice", "totaltax", "subtotal", "net", "taxamount", "weight",
    "height", "width", "length", "quantity", "exchangerate", "taxrate", "discountpercentage",
    # times
    "occured", "occurred", "createdon", "createddate", "updatedon", "updatedat", "placedon",
    "shippedon", "packedon", "pickedon", "printedon", "releasedate", "deliverydate", "orderdate",
    "holduntildate", "requiredshipdate", "after", "endcursor",
    # the country, which tells nobody apart
    "country", "countrycode", "countryisocode", "countryisocode3",
    # what the interface itself says
    "code", "errorcode", "message", "error", "errors", "operation", "path", "content", "reason",
    "processingmode", "onfail", "httpmethod", "unprocessedmessages",
})  # fmt: skip
SECRET: Final = re.compile("token|secret|password|authori[sz]ation|signature|credential|apikey")
_PLAIN_NUMBER: Final = 10**6  # a greater one might be a telephone

_WORD: Final = re.compile(r"\S+")


def marked(value: Any, name: str = "") -> Any:
    """Mark every text that may be about a person; `value` is JSON, `name` the field it stands in.

    What a credential would stand in is left out altogether.
    """
    plain_name = name.replace("_", "").lower()
    match value:
        case Mapping():
            return {str(key): marked(one, str(key)) for key, one in value.items()}
        case list() | tuple():
            return [marked(one, name) for one in value]
        case str():
            return _text(value, plain_name)
        case int() | float() if not isinstance(value, bool):
            return value if _is_plain_number(value, plain_name) else {MARK: str(value)}
        case _:
            return value


def masked(value: Any) -> Any:
    """Give JSON whose personal texts are initials."""
    return _with_marks(value, initials)


def shown(value: Any) -> Any:
    """Give JSON whose personal texts stand as they came."""
    return _with_marks(value, str)


def initials(words: str) -> str:
    """Show of each word its first letter alone, of a number nothing: `J… S…`, `a…@…`."""
    return _WORD.sub(lambda found: _initial(found[0]), words)


def _initial(word: str) -> str:
    first = word[0] if word[0].isalpha() else ""
    return f"{first}…@…" if "@" in word else f"{first}…"


def _text(value: str, name: str) -> Any:
    if SECRET.search(name):
        return NEVER_KEPT
    words = value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return words if not words or name in PLAIN or name.endswith("id") else {MARK: words}


def _is_plain_number(value: float, name: str) -> bool:
    return abs(value) < _PLAIN_NUMBER or name in PLAIN or name.endswith("id")


def _with_marks(value: Any, write: Callable[[str], str]) -> Any:
    match value:
        case Mapping() if set(value) == {MARK}:
            return write(str(value[MARK]))
        case Mapping():
            return {key: _with_marks(one, write) for key, one in value.items()}
        case list():
            return [_with_marks(one, write) for one in value]
        case _:
            return value

"""What a person asked for cannot be done."""

from shared.errors import GoodsoutError


class Refused(GoodsoutError):  # noqa: N818 - the word of the page that shows it
    """The sentence says why not, and what to do instead; nothing was changed."""

    default_code = "refused"

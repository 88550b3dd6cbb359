"""One reason why a note, or an event about it, stands where it does; and the usual kinds of it."""

from dataclasses import dataclass
from typing import Final

NOBODY: Final = "Nobody"
YOU: Final = "You"
OPERATOR: Final = "Goodsout's operator"
YOU_THEN_OPERATOR: Final = "You, then Goodsout's operator"
YOU_AT_VENDOR: Final = "You, or whoever may log in at the vendor"

RETRIED: Final = "Press “Retry now” on the note's page then; the operator may use `goodsout retry`."
LOOKED_AT: Final = (
    "A change of the note in Brightpearl has it looked at again. What is changed elsewhere is seen "
    "when the note is retried, on its page or with `goodsout retry`."
)
RELEASED: Final = "All notes that wait for it go on by themselves then."
NOTHING: Final = "Nothing."


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What a code means for the merchant.

    `by_itself` says that Goodsout goes on without anybody first: then `whose_turn` and `remedy`
    count once it has given up. `then` is what follows, "" where nothing does.
    """

    sentence: str
    whose_turn: str
    remedy: str
    then: str = ""
    by_itself: bool = False


def settled(sentence: str, then: str = "") -> Reason:
    """Explain something that asks nothing of anybody."""
    return Reason(sentence=sentence, whose_turn=NOBODY, remedy=NOTHING, then=then)


def passing(sentence: str, then: str = "It goes on by itself.") -> Reason:
    """Explain something that goes on by itself and is never given up."""
    return Reason(sentence=sentence, whose_turn=NOBODY, remedy=NOTHING, then=then, by_itself=True)


def trouble(
    sentence: str,
    remedy: str = "There is nothing to put right. Retry it once the vendor answers again.",
) -> Reason:
    """Explain something that is tried again by itself until patience ends."""
    return Reason(
        sentence=sentence, whose_turn=OPERATOR, remedy=remedy, then=RETRIED, by_itself=True
    )


def yours(sentence: str, remedy: str, then: str = LOOKED_AT) -> Reason:
    """Explain something that the merchant puts right at a vendor."""
    return Reason(sentence=sentence, whose_turn=YOU, remedy=remedy, then=then)


def setting(sentence: str, remedy: str) -> Reason:
    """Explain a hold that a setting releases."""
    where = "It is set on the page Sync configuration."
    return Reason(sentence=sentence, whose_turn=YOU, remedy=f"{remedy} {where}", then=RELEASED)


def fault(
    sentence: str,
    remedy: str = "There is nothing to put right in Brightpearl or ShipHero. Give the operator "
    "this note's number and the time.",
) -> Reason:
    """Explain something that only the operator can look into."""
    return Reason(sentence=sentence, whose_turn=OPERATOR, remedy=remedy, then=RETRIED)

"""Whose vendor calls were whose in a batch, so that a note's attempt shows its own."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from shared.vendors.calls import Call, recording_calls


class CallsByNote:
    """Books calls on the notes they were made for; may be shared by threads."""

    def __init__(self) -> None:
        self._calls: dict[int, list[Call]] = defaultdict(list)

    @contextmanager
    def made_for(self, note_ids: Collection[int]) -> Iterator[None]:
        """Book every call made inside on each of `note_ids`, also when it failed."""
        with recording_calls() as calls:
            try:
                yield
            finally:
                for note_id in note_ids:
                    self._calls[note_id].extend(calls)

    def of(self, note_id: int) -> Sequence[Call]:
        """Give a note's calls, oldest first."""
        return sorted(self._calls.get(note_id, ()), key=lambda call: call.started)

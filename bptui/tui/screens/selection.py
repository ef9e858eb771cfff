"""The offers of the chooser that match what is typed, and the one in question; without a screen."""

from __future__ import annotations

from collections.abc import Sequence

from bptui.session import offers as reading
from bptui.session.offers import Offer
from bptui.tui.screens.previews import Address


class Selection:
    """offers: all there are; shown: those that match `typed`, a file of that path before them. current: what
    is being played, which is in question at the start."""

    def __init__(self, offers: Sequence[Offer], current: Address) -> None:
        self.offers = tuple(offers)
        self.shown: tuple[Offer, ...] = ()
        self.typed = ""
        self._chosen = current[0]  # the source in question
        self._targets: dict[str, str | None] = {current[0]: current[1]}

    def filter(self) -> None:
        """Look again which of the offers match."""
        typed = self.typed
        self.shown = tuple(offer for offer in self.offers if offer.matches(typed))
        if reading.is_file(typed, anywhere=not self.shown) and all(o.source != typed for o in self.shown):
            self.shown = (reading.typed(typed), *self.shown)
        self._chosen = self._best()

    def _best(self) -> str:
        """The source to choose: what is called as typed before what only tells of it, and of those the one
        chosen before."""
        found = [o.source for o in self.shown if o.is_called(self.typed)] or [o.source for o in self.shown]
        return self._chosen if self._chosen in found or not found else found[0]

    @property
    def number(self) -> int | None:
        """Of the offer in question, among those that are shown."""
        return next((i for i, offer in enumerate(self.shown) if offer.source == self._chosen), None)

    @property
    def offer(self) -> Offer | None:
        """The one in question."""
        number = self.number
        return None if number is None else self.shown[number]

    def address(self, offer: Offer) -> Address:
        """What opens it, with the column that is learned where one was chosen."""
        return offer.source, self._targets.get(offer.source) if offer.is_data else None

    def choose(self, number: int) -> None:
        """Of those that are shown."""
        self._chosen = self.shown[number].source

    def learn(self, offer: Offer, target: str, columns: Sequence[str], step: int) -> None:
        """The column beside `target`; none is named where it is the last, which a data file is opened with
        when nothing is said."""
        at = columns.index(target) if target in columns else len(columns) - 1
        beside = columns[(at + step) % len(columns)]
        self._targets[offer.source] = None if beside == columns[-1] else beside

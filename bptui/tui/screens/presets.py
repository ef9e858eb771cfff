"""The chooser: every preset and the files of the current folder; typing filters, beside them a preview.

Files are read in threads, previews once the choice rests: it may take longer than a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import Worker, WorkerState, get_current_worker

from bptui.session import offers as reading
from bptui.session.offers import Offer
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chooser import Footer, Part, Standing, draw_footer, draw_title, footer
from bptui.tui.drawing.offers import WORD, draw_offers, first_row, rows_of
from bptui.tui.drawing.palette import DARK, Palette
from bptui.tui.drawing.preview import draw_preview
from bptui.tui.panels.base import View, failed
from bptui.tui.screens.board import Board
from bptui.tui.screens.overlay import Overlay
from bptui.tui.screens.previews import Address, Previews
from bptui.tui.screens.search import Search
from bptui.tui.screens.selection import Selection

BESIDE = 100  # columns from which the preview stands beside the list
WIDE = 124  # columns from which the list is wider
UNDER = 24  # rows from which it stands under it; else it takes its place
REST = 0.08  # seconds without a key before a preview is built
BLOCK = 13  # rows of the data's picture at most
BOARDS = ("title", "list", "rule", "preview", "foot")

Opens = Callable[[str, str | None], str]  # opens it; what is wrong, "" where it is open


class Presets(Overlay[None]):
    """Opens what is chosen and leaves; the run goes on behind it.

    current: what is being played; kept: the updates of each run that can be taken up again. `offers` stand in
    for what there is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,f2", "leave", "keep"),
        ("down", "move(1)", "down"),
        ("up", "move(-1)", "up"),
        ("pagedown", "scroll_preview(1)", "further in the preview"),
        ("pageup", "scroll_preview(-1)", "back in the preview"),
    ]

    def __init__(
        self,
        current: Address,
        opens: Opens,
        kept: Mapping[Address, int] | None = None,
        offers: Sequence[Offer] | None = None,
    ) -> None:
        super().__init__()
        # Held here too: the run goes on, and is told of, while the screen is torn down.
        self._box, self._search = Vertical(id="chooser"), Search()
        self._boards = {name: Board(f"chooser-{name}") for name in BOARDS}
        self._current, self._opens, self._kept = current, opens, dict(kept or {})
        self.complete = offers is not None  # every file is read
        self._selection = Selection(reading.built_in() if offers is None else offers, current)
        self._previews = Previews(self)
        self._timer: Timer | None = None
        self._first = 0  # row of the list
        self._more = False  # the preview is longer than its place
        self._footer: Footer = ()
        self._palette = DARK

    def compose(self) -> ComposeResult:
        with self._box:
            yield self._boards["title"]
            with Horizontal(id="chooser-search"):
                yield Static("/", classes="slash")
                yield self._search
            with Container(id="chooser-body"):
                yield self._boards["list"]
                yield self._boards["rule"]
                yield self._boards["preview"]
            yield self._boards["foot"]

    def on_mount(self) -> None:
        self._search.focus()
        self._arrange()
        self._filter()
        if not self.complete:
            self.run_worker(self._read, thread=True, group="offers", exit_on_error=False)

    # What there is

    def _read(self) -> tuple[Offer, ...]:
        """In a thread."""
        worker = get_current_worker()
        everything = (*self._selection.offers, *reading.yours())
        return reading.with_sizes(everything, lambda: worker.is_cancelled)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        worker: Worker[object] = event.worker
        if worker.group == "offers" and event.state is WorkerState.SUCCESS:
            assert isinstance(worker.result, tuple)
            self._selection.offers, self.complete = worker.result, True
            self._filter()
        elif self._previews.took(worker, event.state):
            self._draw()
            self._build()

    def _filter(self) -> None:
        self._selection.filter()
        self._first = 0
        self._changed()

    def _known(self, offer: Offer) -> Offer:
        """With what its preview has brought."""
        made = self._previews.get(self._selection.address(offer))
        return offer if made is None or made.large else offer._replace(sizes=made.sizes, error=made.error)

    # Previews

    def _changed(self) -> None:
        """Another choice: show what is known of it, and build its preview when it rests."""
        self._draw(0)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REST, self._build)

    def _build(self) -> None:
        offer = self._selection.offer
        if offer is not None and (offer.is_data or not offer.error):
            self._previews.build(self._selection.address(offer))

    # Drawing

    def watch_view(self, view: View | None) -> None:
        if view is None or not self.is_mounted:
            return
        if self._ground != self._palette:
            self._draw()
        else:
            self._draw_foot()

    @property
    def _ground(self) -> Palette:
        """The main screen's, on the ground of an overlay."""
        shown = DARK if self.view is None else self.view.palette
        return replace(shown, bg=shown.surface)

    def on_resize(self) -> None:
        self._arrange()

    @on(Board.Resized)
    def _resized(self) -> None:
        self._draw()

    def _arrange(self) -> None:
        width, height = self.app.size
        box = self._box
        beside, under = width >= BESIDE, width < BESIDE and height >= UNDER
        box.set_class(beside, "beside")
        box.set_class(under, "under")
        box.set_class(not beside and not under, "alone")
        box.set_class(beside and height >= 30, "roomy")
        box.set_class(width >= WIDE, "wide")

    @property
    def _alone(self) -> bool:
        """List and preview take turns."""
        return self._box.has_class("alone")

    @property
    def _looking(self) -> bool:
        """At the preview, where they take turns."""
        return self._alone and self._box.has_class("looking")

    def _draw(self, first: int | None = None) -> None:
        """All of it; `first`: the preview's first row."""
        self._palette = self._ground
        self._draw_title()
        self._draw_list()
        self._draw_preview(first)
        self._draw_foot()

    def _draw_title(self) -> None:
        counts = [
            (group, sum(o.group == group for o in self._selection.offers)) for group in reading.GROUPS[:3]
        ]
        board = self._boards["title"]
        board.show(draw_title(counts, board.size.width, self._palette))
        rule = self._boards["rule"]
        canvas = Canvas(rule.size.width, 1, self._palette)
        canvas.put(0, 0, "─" * rule.size.width, "faint")
        rule.show(canvas)

    def _draw_list(self) -> None:
        board = self._boards["list"]
        offers = [self._known(offer) for offer in self._selection.shown]
        self._first = first_row(rows_of(offers), self._selection.number, board.size.height, self._first)
        words = [self._word(offer) for offer in offers]
        size = (board.size.width, board.size.height)
        canvas = draw_offers(offers, words, self._selection.number, self._first, size, self._palette)
        if not offers:
            typed = narrow(self._selection.typed, 40)
            canvas.put(1, 0, f"Nothing matches '{typed}'."[: board.size.width - 1])
            canvas.put(1, 1, "A file: type its path.", "dim")
        board.show(canvas)

    def _word(self, offer: Offer) -> str:
        if offer.source == self._current[0]:
            return "open"
        if offer.trap:
            return "trap"
        return "kept" if self._kept.get(self._selection.address(offer)) else ""

    def _draw_preview(self, first: int | None) -> None:
        board, offer = self._boards["preview"], self._selection.offer
        width, height = board.size
        if width < 2 or height < 2:  # not seen
            return
        if offer is None:
            made = self._previews.get((self._selection.typed, None))
            offer = Offer(self._selection.typed, self._selection.typed, reading.TYPED)
            if made is None:
                board.show(Canvas(width, 0, self._palette))
                return
        else:
            made = self._previews.get(self._selection.address(offer))
        block = max(min(BLOCK, height - 4, (width - 29) // 2), 6)
        try:
            canvas = draw_preview(offer, made, width, block, self._palette)
        except Exception as error:  # one broken picture must not end the session
            canvas = failed(narrow(offer.title), error, width, height, self._palette)
        self._more = canvas.height > height
        board.show(canvas, board.first if first is None else first)

    def _draw_foot(self) -> None:
        offer, board = self._selection.offer, self._boards["foot"]
        title = self._current[0] if self.view is None else self.view.frame.title
        steps = self._kept.get(self._current, 0) if self.view is None else self.view.frame.step
        is_open = offer is not None and self._selection.address(offer) == self._current
        kept = self._kept.get(self._selection.address(offer), 0) if offer is not None and not is_open else 0
        looking = self._looking if self._alone else None
        other = offer.title if offer is not None and kept else ""
        self._footer = footer(Standing(title, steps, is_open, other, kept, self._more, looking))
        board.show(draw_footer(self._footer, board.size.width, self._palette))

    # Keys

    @on(Search.Changed)
    def _searched(self, event: Search.Changed) -> None:
        self._selection.typed = event.value.strip()
        self._search.beyond = False
        self._look(False)
        self._filter()

    def action_move(self, step: int) -> None:
        if self._selection.shown:
            self._choose(((self._selection.number or 0) + step) % len(self._selection.shown))

    def _choose(self, number: int) -> None:
        self._selection.choose(number)
        self._search.beyond = False
        self._changed()

    def action_scroll_preview(self, pages: int) -> None:
        board = self._boards["preview"]
        self._draw_preview(board.first + pages * max(board.size.height - 2, 1))

    @on(Search.Beyond)
    def _beyond(self, event: Search.Beyond) -> None:
        """To the preview and back where they take turns; else another column to be learned."""
        if self._alone and not (self._looking and event.step > 0):
            self._look(event.step > 0)
            return
        offer = self._selection.offer
        made = None if offer is None else self._previews.get(self._selection.address(offer))
        if offer is None or made is None or not made.columns:
            return
        self._selection.learn(offer, made.target, made.columns, event.step)
        self._search.beyond = True
        self._changed()

    def _look(self, at_preview: bool) -> None:
        if at_preview != self._box.has_class("looking"):
            self._box.set_class(at_preview, "looking")
            self.call_after_refresh(self._draw)

    # The mouse

    @on(Board.Turned)
    def _turned(self, event: Board.Turned) -> None:
        if event.board.id == "chooser-preview":
            self._draw_preview(event.board.first + 3 * event.step)
        else:
            number = (self._selection.number or 0) + event.step
            if 0 <= number < len(self._selection.shown):
                self._choose(number)

    @on(Board.Pressed)
    def _pressed(self, event: Board.Pressed) -> None:
        if event.board.id == "chooser-list":
            self._pressed_list(event)
        elif event.board.id == "chooser-foot":
            part = next((p for p in self._footer if p.x <= event.x < p.x + len(p.text) and p.action), None)
            if part is not None:
                self._do_part(part)

    def _pressed_list(self, event: Board.Pressed) -> None:
        rows = rows_of(self._selection.shown)
        row = rows[self._first + event.y] if self._first + event.y < len(rows) else None
        if row is None or row.number is None:
            return
        self._choose(row.number)
        offer = self._selection.shown[row.number]
        on_word = event.x >= event.board.size.width - WORD - 3 and self._word(offer) == "open"
        if event.times > 1 or on_word:
            self._open(offer)

    def _do_part(self, part: Part) -> None:
        if part.action == "leave":
            self.action_leave()
        elif part.action == "scroll":
            self.action_scroll_preview(1)
        elif part.action == "look":
            self._look(not self._looking)
        else:
            self._enter()

    # Ways out

    @on(Search.Submitted)
    def _entered(self, event: Search.Submitted) -> None:
        event.stop()
        self._enter()

    def _enter(self) -> None:
        typed = self._selection.typed
        offer = self._selection.offer
        if offer is not None:
            self._open(offer)
        elif typed:
            self._open(Offer(typed, typed, reading.TYPED))

    def _open(self, offer: Offer) -> None:
        """Leave with it open; a mistake is told in its preview."""
        address = self._selection.address(offer)
        if self._known(offer).error:
            return
        if address == self._current:
            self.dismiss(None)
            return
        mistake = self._opens(*address)
        if mistake:
            self._previews.tell(address, mistake)
            self._draw(0)
            self._look(True)
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        if self._looking:
            self._look(False)
        else:
            self.dismiss(None)

"""The inspector: one weight or bias, its way to the loss and the chain of factors behind its gradient."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from bptui.explain.paths import paths_of
from bptui.explain.taken import update_line
from bptui.explain.tsv import number, paths_table, weight_table
from bptui.explain.update import UpdateView
from bptui.explain.weight import Place, WeightChain, agrees, of_chain, paths_to_loss, weight_chain
from bptui.explain.worked import Chosen, point_of
from bptui.session.frame import State
from bptui.tui.actions import BY_ID
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.inspected import CheckLine, Inspected
from bptui.tui.drawing.inspector import draw_inspector
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.screens.choosing import with_example
from bptui.tui.screens.questions import weight
from bptui.tui.screens.sheet import Sheet

WAITS = "the check waits for a pause"
SWITCHES = ("unit_off", "hold_layer")
KEPT = 240  # updates whose numbers are kept for the history
Checks = tuple[CheckLine, ...]


def element_place(update: UpdateView, choice: Choice) -> Place:
    """The weight nearest to the chosen element of the operation in hand: of a gradient the one it wrote."""
    if update.in_hand is None:
        return Place(choice.layer, choice.unit, choice.source)
    chosen = Chosen(choice.example, choice.layer, choice.unit, choice.source)
    point = point_of(update, update.in_hand, chosen)
    return Place(point.l, point.unit, point.source)


class Inspector(Sheet):
    """Of the weight at `place`; the choice behind goes with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(0, -1)", "unit"),
        ("down,j", "move(0, 1)", "unit"),
        ("left,h", "move(-1, 0)", "input"),
        ("right,l", "move(1, 0)", "input"),
        ("enter", "paths", "paths"),
        ("t", "copy_table", "copy the table"),
        (",".join(("equals_sign", *BY_ID["weight"].keys)), "set", "by hand"),
        *((",".join(BY_ID[name].keys), f"by_hand('{name}')", BY_ID[name].words) for name in SWITCHES),
    ]

    first_page_fits: ClassVar[bool] = True

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.listing = False  # the paths stand in place of the chain
        self._judged: tuple[object, Checks] = (None, ())
        self._history: deque[tuple[int, float, float]] = deque(maxlen=KEPT)
        self._history_of: object = None

    def on_mount(self) -> None:
        super().on_mount()
        self._choose()

    # What is drawn

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        several = paths_to_loss(view.frame.update, self.place) > 1
        enter = (("Enter", "the chain" if self.listing else "its paths"),)
        return (
            ("↑ ↓", "unit"),
            ("← →", "input"),
            ("[ ]", "example"),
            *(enter if several else ()),
            ("=", "by hand"),
            ("d f", "unit off, layer held"),
            ("c", "copy the number"),
            ("t", "the table"),
            ("Esc", "close"),
        )

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        return draw_inspector(self.inspected(view), width, height, palette, whole=self.page > 0)

    def inspected(self, view: View) -> Inspected:
        """The weight as it is in this frame; a smaller network has the nearest."""
        update, example = view.frame.update, view.choice.example
        chain = weight_chain(update, self.place, example)
        self.place = chain.place
        paths = paths_of(update, chain.place, example) if self.listing else None
        return Inspected(
            update,
            chain,
            example,
            self._check(view, chain),
            update_line(update, chain),
            of_chain(update, chain),
            paths,
            self._seen(view, chain),
        )

    def _seen(self, view: View, chain: WeightChain) -> tuple[tuple[float, float], ...]:
        """One pair an update that was on screen; going back or elsewhere begins anew."""
        frame = view.frame
        key = (frame.name, frame.seed, chain.place)
        if self._history_of != key or (self._history and self._history[-1][0] > frame.step):
            self._history_of = key
            self._history.clear()
        new = not self._history or self._history[-1][0] < frame.step
        if new and chain.gradient is not None and not frame.update.position:
            self._history.append((frame.step, chain.value, chain.gradient))
        return tuple((value, gradient) for _, value, gradient in self._history)

    def _check(self, view: View, chain: WeightChain) -> Checks | str:
        """By two methods that share no code with backpropagation; not while the run goes on."""
        frame = view.frame
        if frame.divergence is not None:
            return ()
        if frame.state is State.RUNNING:
            return WAITS
        update = frame.update
        known = update.position < len(update.operations) or chain.before_known
        if chain.gradient is None or not (chain.whole and known):
            return "the check waits for this step's gradients"
        key = (frame.name, frame.seed, frame.step, chain.place, chain.value, chain.gradient)
        if self._judged[0] != key:
            self._judged = (key, self._lines(view, chain))
        return self._judged[1]

    def _lines(self, view: View, chain: WeightChain) -> Checks:
        found = self.main.session.judge_weight(*chain.place)
        update, lines = view.frame.update, []
        for method, value in (("complex step", found.complex_step), ("central diff.", found.central)):
            difference = 0.0 if value is None else abs(found.backprop - value)
            agreed = agrees(update, chain, difference, exact=method == "complex step")
            lines.append(CheckLine(method, value, difference, agreed))
        return tuple(lines)

    # Keys

    def action_move(self, dx: int, dy: int) -> None:
        """Another unit, another input; the input after the last is the bias."""
        if self.view is None or self.asking:  # the field is about this one
            return
        sizes = self.view.frame.sizes
        l, unit, source = self.place
        unit = min(max(unit + dy, 0), sizes[l] - 1)
        self.place = Place(l, unit, min(max(source + dx, 0), sizes[l - 1]))
        self._choose()

    def _choose(self) -> None:
        """The screen behind shows the same weight."""
        choice = self.main.choice
        self.main.choose(
            replace(choice, layer=self.place.layer, unit=self.place.unit, source=self.place.source)
        )
        self.redraw()

    def action_paths(self) -> None:
        """The chain, or the paths that its second column adds up."""
        if self.view is None:
            return
        update = self.view.frame.update
        self.listing = not self.listing and paths_of(update, self.place, 0) is not None
        self.redraw()

    def close(self) -> None:
        if self.listing:
            self.action_paths()
        else:
            super().close()

    def action_set(self) -> None:
        """Another value by hand."""
        if not self.asking:
            self.ask(weight(self.main, self.place))

    def clicked(self, number: int) -> None:
        self.main.choose(with_example(self.main.choice, self.main.frame, number))
        self.redraw()

    def copied(self, view: View) -> str:
        return number(self.inspected(view).chain.value)

    def action_copy_table(self) -> None:
        """As tab-separated text: the chain, or the paths."""
        view = self.main.fresh_view()
        seen = self.inspected(view)
        text = paths_table(seen.paths) if seen.paths else weight_table(seen.view, seen.chain)
        self.put_on_clipboard(text)

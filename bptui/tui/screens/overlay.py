"""What covers the main screen for a while; the run goes on behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.reactive import var
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.strip import Strip

from bptui.tui.drawing.behind import Dimmer
from bptui.tui.failures import Guarded
from bptui.tui.keynames import neighbours
from bptui.tui.panels.base import View

if TYPE_CHECKING:
    from bptui.tui.app import App

    _Screen = Screen[Any]
else:
    _Screen = MessagePump  # Textual reads styles from the first base that is a widget, which is another one

ROOMY = (80, 30)  # cells from which something is seen beside a sheet
__all__ = ["Covered", "Dimming", "Overlay", "ScreenResultType"]


class Covered(_Screen):
    """Tells what covers it which lines have changed. Textual would tell again, each time, of all that ever
    did."""

    def _compositor_refresh(self) -> None:
        stack = self.app.screen_stack
        if self not in stack[:-1]:
            super()._compositor_refresh()
            return
        changed = set(self._compositor._dirty_regions)
        self._compositor._dirty_regions.clear()
        self._dirty_widgets.clear()
        if changed:
            above = stack[stack.index(self) + 1]
            above._set_dirty(*changed)
            above._dirty_widgets.add(above)  # beside what has changed in it: `refresh` would forget that
            above.check_idle()


class Dimming(Covered):
    """Its ground is the screen below, dimmed; lines that do not change there are kept."""

    _dimmer: Dimmer | None = None
    _lines_behind: list[Strip] | None = None
    _stale_lines: set[int] | None = None  # None: all of them

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._stale_lines = None
        elif self._stale_lines is not None:
            self._stale_lines.update(*(region.line_range for region in regions))

    def render_lines(self, crop: Region) -> list[Strip]:
        behind = self._behind()
        if behind is None:
            return super().render_lines(crop)
        palette = cast("App", self.app).main.palette
        if self._dimmer is None or self._dimmer.palette is not palette:
            self._dimmer, self._stale_lines = Dimmer(palette), None
        width, height = self.size
        if self._lines_behind is None or self._stale_lines is None or len(self._lines_behind) != height:
            self._stale_lines, self._lines_behind = set(range(height)), [Strip.blank(width)] * height
        if self._stale_lines:
            whole = Region(0, 0, width, height)
            chops = behind._compositor._render_chops(whole, self._stale_lines.__contains__)
            for y in self._stale_lines & set(range(min(height, len(chops)))):
                self._lines_behind[y] = self._dimmer.dimmed(Strip.join(chops[y].values()))
            self._stale_lines = set()
        return _cut_out(self._lines_behind, crop)

    def _behind(self) -> Screen[object] | None:
        """None while this one is torn down."""
        stack = self.app.screen_stack
        return stack[stack.index(self) - 1] if self in stack[1:] else None


def _cut_out(lines: list[Strip], crop: Region) -> list[Strip]:
    """Just what was asked for: while the terminal is resized that is of another size than what there is."""
    cut = lines[crop.y : crop.bottom]
    cut += [Strip.blank(crop.width)] * (crop.height - len(cut))
    return [
        strip if strip.cell_length == crop.width else strip.crop_extend(crop.x, crop.right, None)
        for strip in cut
    ]


def _everywhere(binding: BindingType) -> BindingType:
    if isinstance(binding, Binding):
        return binding
    keys = binding[0].split(",")
    others = (other for key in keys for other in neighbours(key))
    return (",".join([*keys, *others]), *binding[1:])


class Overlay(Guarded, Dimming, ModalScreen[ScreenResultType]):
    """`view` is set by the main screen whenever it shows a new frame: binding does not reach into another
    screen."""

    view: var[View | None] = var(None)

    def __init_subclass__(cls, **named: Any) -> None:
        """Letters answer in the same place on other keyboards, as on the main screen."""
        cls.BINDINGS = [_everywhere(binding) for binding in cls.__dict__.get("BINDINGS", ())]
        super().__init_subclass__(**named)

    def on_mount(self) -> None:
        self._measure()

    def on_resize(self) -> None:
        self._measure()

    def _measure(self) -> None:
        """Where there is little room the sheet takes all of it."""
        width, height = self.app.size
        self.set_class(width < ROOMY[0] or height < ROOMY[1], "low")

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it, once: a second key may come before the screen is gone."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

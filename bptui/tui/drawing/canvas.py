"""A grid of cells to draw on; its rows become Textual strips.

A drawing is a function of (frame, width, height, palette, choices) that returns a Canvas. Text that
falls outside is cut, so a drawing never has to fear a small panel.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.tui.drawing.console import plain
from bptui.tui.drawing.palette import Palette


@lru_cache(maxsize=4096)
def style(fg: str, bg: str, bold: bool) -> Style:
    """A Style is dear to make and there are few different ones."""
    return Style(color=fg, bgcolor=bg, bold=bold)


class Canvas:
    """`width` x `height` cells, blank on the palette's ground."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self.width = max(width, 0)
        self.height = max(height, 0)
        self.palette = palette
        self._styles: dict[tuple[str, str, bool], Style] = {}
        ground = self.style("text", "bg", False)
        self._text = [[" "] * self.width for _ in range(self.height)]
        self._style = [[ground] * self.width for _ in range(self.height)]
        self._marks: dict[tuple[int, int], int] = {}

    def put(
        self, x: int, y: int, text: str, fg: str = "text", bg: str = "bg", bold: bool | None = None
    ) -> int:
        """Write `text` from cell (x, y); returns the x after it.

        fg and bg are token names or "#rrggbb". Bold goes with `bright` unless it is said otherwise.
        Every character counts one cell: hand in none that is wide.
        """
        if not self.palette.mixes and self._colour(fg) == self._colour(bg):
            fg = "bright"  # of 16 colours two may be one
        made = self.style(fg, bg, fg == "bright" if bold is None else bold)
        styles, end = [made] * len(text), x + len(text)
        if x < 0 or end > self.width or not 0 <= y < self.height:
            return self.put_styled(x, y, text, styles)
        self._text[y][x:end], self._style[y][x:end] = text, styles
        return end

    def put_styled(self, x: int, y: int, text: str, styles: list[Style]) -> int:
        """Write `text`, each character in the style of its own; returns the x after it."""
        end = x + len(text)
        if not 0 <= y < self.height:
            return end
        if x < 0 or end > self.width:
            first, last = min(max(-x, 0), len(text)), max(self.width - x, 0)
            text, styles, x = text[first:last], styles[first:last], max(x, 0)
        self._text[y][x : x + len(text)] = text
        self._style[y][x : x + len(text)] = styles
        return end

    def put_one(self, x: int, y: int, character: str, made: Style) -> None:
        """A single cell: braille comes cell by cell."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._text[y][x], self._style[y][x] = character, made

    def right(
        self, x_end: int, y: int, text: str, fg: str = "text", bg: str = "bg", bold: bool | None = None
    ) -> None:
        """Write `text` so that it ends before cell x_end."""
        self.put(x_end - len(text), y, text, fg, bg, bold)

    def rule(self, y: int, title: str, note: str = "", focused: bool = False) -> None:
        """A panel's first row: title, rule, note; the whole width."""
        self.put(
            0,
            y,
            "━" * self.width if focused else "─" * self.width,
            "accent_glyph" if focused else "faint",
            bold=False,
        )
        self.put(0, y, f"{title} ", "bright" if focused else "text", bold=True)
        if note and len(title) + len(note) + 4 <= self.width:
            self.right(self.width, y, f" {note}", "dim")

    def note_on_rule(self, y: int, note: str) -> None:
        """Put ` · note` behind the title of a rule that is drawn already, where there is room."""
        row = self.row(y)
        start = next((x for x, glyph in enumerate(row) if glyph in "─━"), len(row))
        text = f"· {note} "
        if set(row[start : start + len(text)]) <= set("─━") and start + len(text) < self.width:
            self.put(start, y, text, "dim")

    def mark(self, x: int, y: int, width: int, number: int) -> None:
        """What stands in these cells is number `number` of what is drawn: for the mouse."""
        for column in range(x, x + width):
            self._marks[column, y] = number

    def marked(self, x: int, y: int) -> int | None:
        """The number that a cell was marked with."""
        return self._marks.get((x, y))

    def at(self, x: int, y: int) -> str:
        """The character in a cell."""
        return self._text[y][x]

    def row(self, y: int) -> str:
        """A row as plain text, for tests."""
        return "".join(self._text[y])

    def lines(self) -> list[str]:
        """All rows as plain text without trailing blanks, for tests and for text pictures."""
        return [self.row(y).rstrip() for y in range(self.height)]

    def paste(self, other: Canvas, x: int, y: int) -> None:
        """Copy another canvas in, its top left corner at (x, y); what falls outside is cut."""
        for row in range(max(0, -y), min(other.height, self.height - y)):
            first, last = max(x, 0), min(x + other.width, self.width)
            if last > first:
                self._text[y + row][first:last] = other._text[row][first - x : last - x]
                self._style[y + row][first:last] = other._style[row][first - x : last - x]
        for (column, row), number in other._marks.items():
            self._marks[column + x, row + y] = number

    def top(self, rows: int) -> Canvas:
        """Its first rows as a canvas of their own."""
        canvas = Canvas(self.width, rows, self.palette)
        canvas.paste(self, 0, 0)
        return canvas

    def strips(self, before: Canvas | None = None, drawn: list[Strip] | None = None) -> list[Strip]:
        """The rows as strips, runs of one style joined. Of rows that are as they were `before`, with the
        strips `drawn`, the very same strip: what did not change is known by that."""
        if before is None or not drawn or (before.width, before.height) != (self.width, self.height):
            return [self._strip(y) for y in range(self.height)]
        if before is self:
            return drawn
        return [
            drawn[y]
            if self._style[y] == before._style[y] and self._text[y] == before._text[y]
            else self._strip(y)
            for y in range(self.height)
        ]

    def _strip(self, y: int) -> Strip:
        text, styles = self.row(y), self._style[y]
        if self.palette.few_glyphs:
            text = plain(text)
        if not text:
            return Strip([], 0)
        segments, start, run = [], 0, styles[0]
        for x, made in enumerate(styles):
            if made is not run:
                segments.append(Segment(text[start:x], run))
                start, run = x, made
        segments.append(Segment(text[start:], run))
        return Strip(segments, self.width)

    def style(self, fg: str, bg: str, bold: bool = False) -> Style:
        """The style of a pair of tokens or colours; a picture has few, and asks for each many times."""
        key = (fg, bg, bold)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = style(self._colour(fg), self._colour(bg), bold)
        return found

    def _colour(self, name: str) -> str:
        return name if name[0] == "#" else self.palette.token(name)

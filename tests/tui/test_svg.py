"""Pictures as SVG: one, and several that move."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.svg import LINE, moving, still


def rows(*texts: str) -> list[Strip]:
    return [Strip([Segment(text, Style(color="#ffffff", bgcolor=DARK.bg))], len(text)) for text in texts]


def seen_at(svg: str, share: float) -> list[str]:
    """The words that are seen after that share of the whole, by the keyframes."""
    hidden = {
        name
        for name, body in re.findall(r"@keyframes (\w+)\{(.*?\})\}", svg)
        if state(body, share) == "hidden"
    }
    root = ET.fromstring(svg)
    words: list[tuple[int, str]] = []

    def walk(node: ET.Element) -> None:
        if node.get("class") in hidden:
            return
        if node.tag.endswith("}text"):
            words.append((int(node.get("y") or 0) // LINE, node.text or ""))
        for child in node:
            walk(child)

    walk(root)
    return [word for _, word in sorted(words)]


def state(body: str, share: float) -> str:
    steps = [(float(at) / 100, seen) for at, seen in re.findall(r"([\d.]+)%\{visibility:(\w+)\}", body)]
    return [seen for at, seen in steps if at <= share + 1e-9][-1]


def test_a_picture_has_every_word_in_its_row() -> None:
    svg = still(rows("a  b", "<c>"), DARK, "x & y")
    assert seen_at(svg, 0) == ["a", "b", "<c>"]
    assert "<title>x &amp; y</title>" in svg


def test_of_pictures_that_move_one_is_seen_at_a_time_and_what_stays_is_written_once() -> None:
    pictures = [rows("same", "one"), rows("same", "two"), rows("same", "two"), rows("same", "one")]
    svg = moving(pictures, [1.0, 2.0, 1.0, 4.0], DARK, "film")
    assert svg.count(">same<") == 1
    assert svg.count(">two<") == 1
    for share, word in (
        (0.0, "one"),
        (0.12, "one"),
        (0.13, "two"),
        (0.49, "two"),
        (0.51, "one"),
        (0.99, "one"),
    ):
        assert seen_at(svg, share) == ["same", word], share


def test_where_nothing_moves_the_first_picture_is_seen() -> None:
    svg = moving([rows("one"), rows("two")], [1.0, 1.0], DARK, "film")
    still_seen = re.findall(r"\.(\w+)\{visibility:(\w+);", svg)
    assert sorted(seen for _, seen in still_seen) == ["hidden", "visible"]

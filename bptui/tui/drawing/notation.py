"""Names of units as the article writes them: h₃, h²₁, x₂, ŷ."""

from __future__ import annotations

from bptui.explain.numbers import compact, sub


def unit_name(sizes: tuple[int, ...], layer: int, unit: int) -> str:
    """The name of unit `unit` (from 0) of layer `layer` (0 is the input)."""
    if layer == 0:
        return f"x{sub(unit + 1)}"
    if layer == len(sizes) - 1:
        return f"ŷ{sub(unit + 1)}" if sizes[-1] > 1 else "ŷ"
    return f"h{compact(layer) if len(sizes) > 3 else ''}{sub(unit + 1)}"


def layer_word(sizes: tuple[int, ...], layer: int) -> str:
    """input, hidden, hidden 2, output."""
    if layer == 0:
        return "input"
    if layer == len(sizes) - 1:
        return "output"
    return f"hidden {layer}" if len(sizes) > 3 else "hidden"


def shape(sizes: tuple[int, ...]) -> str:
    """2-4-1; equal neighbours are folded: 2-6×9-1."""
    parts: list[str] = []
    start = 0
    for i in range(1, len(sizes) + 1):
        if i == len(sizes) or sizes[i] != sizes[start]:
            run = i - start
            parts += [f"{sizes[start]}×{run}"] if run > 2 else [str(sizes[start])] * run
            start = i
    return "-".join(parts)

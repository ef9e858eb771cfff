"""How a network is written: 2-4-1."""

from __future__ import annotations


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

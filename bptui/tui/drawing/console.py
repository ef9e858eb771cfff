"""Signs for the Linux console, whose font has 256 or 512: each other sign as one that it has."""

from __future__ import annotations

_SAME = {
    "⁽₍": "(",
    "⁾₎": ")",
    "▸▶›→": ">",
    "◂◀‹←": "<",
    "‖┊⋮⎢⎥": "|",
    "⎡⎣": "[",
    "⎤⎦": "]",
    "−⁻₋╴": "-",
    "━": "=",
    "▮": "#",
    "✕": "x",
    "✓": "v",
    "●": "@",
    "○□": "o",
    "…▁": ".",
    "▂▃": ":",
    "▄": "-",
    "▅▆": "=",
    "▇▉▊": "#",
    "▋▌▍▎▏▐": "|",
    "⊙": "*",
    "╭╮╯╰": "+",
    "△↑⇈": "^",
    "▽↓": "v",
    "∅": "0",
    "◐": "%",
    "′": "'",
    "∂": "d",
    "η": "n",
    "λ": "l",
    "ŷ": "Y",
    "ˡ": "l",
    "ᵀ": "T",
    "√": "V",
    "≈": "~",
    "≡": "=",
    "∞": "8",
}
_BRAILLE = {0x2800: " ", **dict.fromkeys(range(0x2801, 0x2900), "*")}
_DIGITS = {ord(sign): str(n) for signs in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉") for n, sign in enumerate(signs)}
TABLE = {ord(sign): plain for signs, plain in _SAME.items() for sign in signs} | _BRAILLE | _DIGITS


def plain(text: str) -> str:
    """`text` of the same width, in signs that the console has."""
    return text.translate(TABLE)

"""Foreign text made harmless: nothing in a name may move the cursor, hide or reorder what is read."""

from __future__ import annotations

import unicodedata

_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def safe(text: str, limit: int | None = None) -> str:
    """`text` with control, format, surrogate, private-use and separator characters written as escapes.

    C0, C1, DEL, bidirectional and zero-width characters are among them. `limit` cuts to so many
    characters, the last being `…`. Hand the result to a widget as `Text` or `Content`, never as
    markup: brackets are left alone.
    """
    clean = "".join(_escaped(c) if unicodedata.category(c) in _HARMFUL else c for c in text)
    return clean if limit is None else cut(clean, limit)


def cut(text: str, limit: int) -> str:
    """At most so many characters, the last being `…` where some are left out."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

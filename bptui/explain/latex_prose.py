"""Prose for LaTeX: harmless whatever it holds, and what is mathematics in it set as such."""

from __future__ import annotations

import re
import unicodedata

from bptui.explain.tex import SIGNS, apart, mathematics

_OPERATORS = frozenset("=+−×·⊙→←÷/<>≤≠")
_MARKED = re.compile("[^\x00-\x7f]")
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''", "`": "{`}",
    "–": "--", "…": r"\ldots{}", "-": "{-}",
}  # fmt: skip


def prose(text: str) -> str:
    """Prose for LaTeX: δ⁽²⁾ and y = −0.5 in it are set as mathematics, all else is harmless."""
    tokens = re.split(r"( +)", text)
    made: list[str] = []
    place = 0
    while place < len(tokens):
        run = _run(tokens, place)
        if run > place:
            made.append(_inline("".join(tokens[place:run])))
            place = run
        else:
            made.append(prose_text(tokens[place]))
            place += 1
    return "".join(made)


def _run(tokens: list[str], start: int) -> int:
    """Where a formula that begins at `start` is over; `start` where none does."""
    end, kinds = start, ""
    for place in range(start, len(tokens), 2):
        kind = _kind(tokens[place])
        if kind == "text" or (kinds and (kind == "sign") == kinds.endswith("s")):
            break  # two operands, or two signs, are no one formula
        kinds += kind[0]
        end = place + 1
        if re.search(r"[.,:;)]$", tokens[place]) and not _closed(tokens[place]):
            break
    if kinds.endswith("s") and len(kinds) > 1:
        kinds, end = kinds[:-1], end - 2
    return end if "m" in kinds or "s" in kinds else start


def _kind(token: str) -> str:
    """math, sign (an operator alone), number (it may be prose, or part of a formula) or text."""
    core = token.lstrip("(").rstrip(".,:;)")
    if core in _OPERATORS:
        return "sign"
    if re.fullmatch(r"[b-zB-HJ-Z]", core):
        return "math"
    if re.fullmatch(r"[aAI]|\d+(?:[.,]\d+)*", core):  # words too
        return "number"
    marked = [c for c in _MARKED.findall(apart(core)) if not c.isspace()]
    ours = all(c in SIGNS for c in marked) if marked else bool(re.fullmatch(r"\d[\d.]*e\d+", core))
    return "math" if core and ours and not set(core) & set("\\{}$&#_%~^") and _MATH.search(core) else "text"


_MATH = re.compile(r"[^\x00-\x7f]|\de\d")


def _closed(token: str) -> bool:
    return token.endswith(")") and token.count("(") == token.count(")")


def _inline(run: str) -> str:
    """$…$ with the punctuation around it outside."""
    lead = re.match(r"\(*", run)[0] if run.count("(") > run.count(")") else ""  # type: ignore[index]
    tail = re.search(r"[.,:;]*$", run)[0]  # type: ignore[index]
    inner = run[len(lead) : len(run) - len(tail)]
    while inner.endswith(")") and inner.count(")") > inner.count("("):
        inner, tail = inner[:-1], f"){tail}"
    # In a line of prose a derivative is no fraction: it would push the lines apart.
    inner = inner.replace("/∂", "/ ∂")
    return f"{prose_text(lead)}${mathematics(inner)}${prose_text(tail)}"


def prose_text(text: str) -> str:
    """Letters for LaTeX; a sign of the notation is set as mathematics, what LaTeX lacks as its number."""
    return "".join(_character(c) for c in unicodedata.normalize("NFC", text))


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c.isascii():
        return c
    if c in SIGNS:
        return f"${mathematics(c)}$"
    parts = unicodedata.normalize("NFD", c)
    accented = len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENTS
    if accented:
        return rf"{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return _LATIN.get(c, f"[U+{ord(c):04X}]")


_ACCENTS = {
    "\u0300": r"\`", "\u0301": r"\'", "\u0302": r"\^", "\u0303": r"\~", "\u0304": r"\=", "\u0306": r"\u",
    "\u0307": r"\.", "\u0308": r"\"", "\u030a": r"\r", "\u030b": r"\H", "\u030c": r"\v", "\u0327": r"\c",
}  # fmt: skip
_LATIN = {
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}",
    "å": r"{\aa}", "Å": r"{\AA}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}", "£": r"{\pounds}",
    "§": r"{\S}", "©": r"{\copyright}", "°": r"$^{\circ}$", "µ": r"$\mu$", "\xa0": "~",
    "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''",
}  # fmt: skip

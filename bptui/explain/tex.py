"""The notation's signs as mathematics in TeX, for Markdown and LaTeX."""

from __future__ import annotations

import re

_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉,ₖᵢⱼₗₜ", "0123456789,kijlt", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ˡᵗᵀ", "0123456789()ltT", strict=True))
_LETTERS = {
    "α": r"\alpha", "β": r"\beta", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta", "λ": r"\lambda",
    "μ": r"\mu", "π": r"\pi", "σ": r"\sigma", "Δ": r"\Delta", "ℓ": r"\ell", "Σ": r"\sum", "∂": r"\partial",
}  # fmt: skip
_SIGNS = {
    "−": "-", "·": r"\cdot", "×": r"\times", "⊙": r"\odot", "÷": r"\div", "←": r"\leftarrow",
    "→": r"\to", "½": r"\tfrac{1}{2}", "…": r"\ldots", "⋯": r"\cdots", "⋮": r"\vdots",
    "⋱": r"\ddots", "≤": r"\le", "≠": r"\ne", "±": r"\pm", "√": r"\surd", "∞": r"\infty", "′": "'",
    "<": r"\lt", ">": r"\gt",
}  # fmt: skip
_FUNCTIONS = frozenset({"tanh", "sin", "cos", "ln", "max"})
# Functions that TeX has no name for; \operatorname is not allowed on GitHub.
_NAMED = frozenset({"relu", "leaky", "elu", "softplus", "gelu", "softmax", "sign", "nan"})

_SCRIPT = f"[{''.join(_SUBSCRIPTS)}{''.join(_SUPERSCRIPTS)}′]"
# A comma belongs to an index only between two of its digits.
_SCRIPTS = rf"(?:(?!,){_SCRIPT}|(?<=[₀-₉]),(?=[₀-₉]))*"
_ATOM = rf"[A-Za-zα-ωΔℓΣ]{_HAT}?{_SCRIPTS}"
_TOKEN = re.compile(
    rf"(?P<derivative>∂[Lℓaz]{_SCRIPTS}/∂(?P<by>{_ATOM}))"
    r"|(?P<power>\d[\d.]*e−?\d+)"
    r"|(?P<fraction>\b\d+/\d+\b)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<raised>\^(?=\())"
    r"|(?P<root>√)"
    r"|(?P<word>[A-Za-z]{2,}(?: (?!(?:tanh|sin|cos|ln|max)\b)[A-Za-z]{2,})*)"
    rf"|(?P<atom>{_ATOM})"
    rf"|(?P<scripts>(?!,){_SCRIPT}{_SCRIPTS})"
    r"|(?P<wide> {2,})|(?P<blank> )|(?P<other>.)",
    re.DOTALL,
)


def mathematics(notation: str) -> str:
    """∂L/∂w₁₂ = 0.5 × 1e−3 -> \\frac{\\partial L}{\\partial w_{12}} = 0.5 \\times 10^{-3}"""
    text = apart(notation)
    if " / " in text:
        return _quotient(text)
    made, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        assert found is not None
        written, place = _token(text, found)
        made.append(written)
    return re.sub(r" +", " ", "".join(made)).strip()


def apart(text: str) -> str:
    """ŷ as y and its accent, as m̂ is."""
    return text.replace("ŷ", f"y{_HAT}")


def _quotient(text: str) -> str:
    """a / (b + c) is a fraction; what stands before and after it is read by itself."""
    before, after = text.split(" / ", 1)
    start, end = _operand_before(before), _operand_after(after)
    above, below = _bare(before[start:]), _bare(after[:end])
    fraction = rf"\frac{{{mathematics(above)}}}{{{mathematics(below)}}}"
    return " ".join(filter(None, [mathematics(before[:start]), fraction, mathematics(after[end:])]))


def _operand_before(text: str) -> int:
    """Where the last operand begins: a bracket with what is joined to it, or what has no blank in it."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth < 0 or (depth == 0 and text[place] == " "):
            return place + 1
    return 0


def _operand_after(text: str) -> int:
    """Where the first operand is over; a sum's sign goes on to what is added up."""
    depth = 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0 or (depth == 0 and character == " " and not text[:place].startswith("Σ")):
            return place
    return len(text)


def _bare(operand: str) -> str:
    """Without a bracket around the whole."""
    if not operand.startswith("("):
        return operand
    inner, end = _inside(operand, 0)
    return inner if end == len(operand) else operand


def _token(text: str, found: re.Match[str]) -> tuple[str, int]:
    """What the token becomes, and where the next one begins."""
    kind, token, end = found.lastgroup, found[0], found.end()
    if found["derivative"]:
        return _derivative(token, found["by"]), end
    if kind == "raised":
        inner, end = _inside(text, end)
        return f"^{{{mathematics(inner)}}}", end
    if kind == "root":
        return _root(text, end)
    if kind == "word":
        before, after = text[found.start() - 1 : found.start()] == " ", text[end : end + 1] == " "
        return _word(token, before, after), end
    return _PLAIN[kind or "other"](token), end


def _derivative(token: str, by: str) -> str:
    above = token.split("/", 1)[0].removeprefix("∂")
    # ∂L/∂W² is the square of the derivative, not one by a square.
    squared = by.endswith("²")
    fraction = rf"\frac{{\partial {_atom(above)}}}{{\partial {_atom(by.removesuffix('²'))}}}"
    return rf"\left({fraction}\right)^{{2}}" if squared else fraction


def _power(token: str) -> str:
    mantissa, exponent = token.split("e")
    power = f"10^{{{exponent.replace('−', '-')}}}"
    return f"{{{power}}}" if mantissa == "1" else rf"{mantissa} \cdot {{{power}}}"


def _fraction(token: str) -> str:
    above, below = token.split("/")
    return rf"\frac{{{above}}}{{{below}}}"


def _root(text: str, place: int) -> tuple[str, int]:
    """√ reaches over a bracket, a number or a letter."""
    if text.startswith("(", place):
        inner, end = _inside(text, place)
        return rf"\sqrt{{{mathematics(inner)}}}", end
    under = re.compile(rf"\d[\d.]*(?:e−?\d+)?|{_ATOM}|nan|inf").match(text, place)
    if under is None:
        return _SIGNS["√"], place
    return rf"\sqrt{{{mathematics(under[0])}}}", under.end()


def _inside(text: str, place: int) -> tuple[str, int]:
    """What the bracket that opens at `place` holds, and where it is over."""
    depth = 0
    for end in range(place, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[place + 1 : end], end + 1
    return text[place + 1 :], len(text)


def _word(token: str, blank_before: bool, blank_after: bool) -> str:
    if token in _FUNCTIONS:
        return rf"\{token}" + (" " if blank_after else "")
    if token == "inf":
        return r"\infty "
    if token in _NAMED:
        return rf"\mathrm{{{token}}}" + (r"\;" if blank_after else "")
    return rf"\text{{{' ' * blank_before}{token}{' ' * blank_after}}}"


def _atom(token: str) -> str:
    letter, rest = token[0], token[1:]
    base = _LETTERS.get(letter, letter)
    if rest.startswith(_HAT):
        base, rest = rf"\hat {base}", rest[1:]
    scripts = _scripts(rest)
    return base + scripts if scripts or not base.startswith("\\") else f"{base} "


def _scripts(scripts: str) -> str:
    """Below first: an underscore after a letter is no emphasis to Markdown."""
    primes = "'" * scripts.count("′")
    below = "".join(_SUBSCRIPTS.get(c, "") for c in scripts)
    above = "".join(_SUPERSCRIPTS.get(c, "") for c in scripts)
    above = above.replace("T", r"\mathsf{T}")
    return primes + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _other(token: str) -> str:
    if token in _SIGNS:
        sign = _SIGNS[token]
        return f"{sign} " if sign[0] == "\\" else sign
    if token in _LETTERS:
        return f"{_LETTERS[token]} "
    return token if token in "=+()[].,:;!?/*|" else rf"\text{{[U+{ord(token):04X}]}}"


_PLAIN = {
    "power": _power,
    "fraction": _fraction,
    "number": lambda token: token.replace(",", "{,}"),
    "atom": _atom,
    "scripts": _scripts,
    "wide": lambda token: r" \qquad ",
    "blank": lambda token: " ",
    "other": _other,
}


SIGNS = frozenset({*_SUBSCRIPTS, *_SUPERSCRIPTS, *_LETTERS, *_SIGNS, _HAT}) - {"…"}

"""The notation in TeX: mathematics, and prose that is harmless whatever it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.explain.latex_prose import prose
from bptui.explain.tex import SIGNS, mathematics
from bptui.nn.activations import OUTPUTS
from bptui.nn.optimizers import OPTIMIZERS


@pytest.mark.parametrize(
    ("notation", "tex"),
    [
        ("z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾", "z^{(1)} = W^{(1)} a^{(0)} + b^{(1)}"),
        ("w₃₁", "w_{31}"),
        ("w₄,₃₁", "w_{4,31}"),
        ("h²₁", "h_{1}^{2}"),
        ("W⁽²⁾ᵀ δ⁽²⁾", r"W^{(2)\mathsf{T}} \delta^{(2)}"),
        ("∂L/∂W⁽²⁾", r"\frac{\partial L}{\partial W^{(2)}}"),
        ("∂L/∂W²", r"\left(\frac{\partial L}{\partial W}\right)^{2}"),
        ("∂L/ ∂w", r"\partial L/ \partial w"),
        ("ŷ − y", r"\hat y - y"),
        ("m̂ / (√v̂ + ε)", r"\frac{\hat m}{\sqrt{\hat v} + \varepsilon}"),
        ("1 / (1 + e^(−z))", r"\frac{1}{1 + e^{-z}}"),
        ("e^(zₖ) / Σᵢ e^(zᵢ)", r"\frac{e^{z_{k}}}{\sum_{i} e^{z_{i}}}"),
        ("√(2/π) z", r"\sqrt{2/\pi} z"),
        ("0.5 × 1.2e−5", r"0.5 \times 1.2 \cdot {10^{-5}}"),
        ("1e−8", "{10^{-8}}"),
        ("0.9⁸", "0.9^{8}"),
        ("1/32 ( −0.5 )", r"\frac{1}{32} ( -0.5 )"),
        ("tanh′(z₁)", r"\tanh'(z_{1})"),
        ("relu(0.5)", r"\mathrm{relu}(0.5)"),
        ("mean of δ⁽²⁾", r"\text{mean of } \delta^{(2)}"),
        ("β₁ᵗ", r"\beta_{1}^{t}"),
        ("inf", r"\infty"),
        ("10 powers", r"10 \text{ powers}"),
        ("W ← W − η v     b", r"W \leftarrow W - \eta v \qquad b"),
    ],
)
def test_mathematics(notation: str, tex: str) -> None:
    assert mathematics(notation) == tex


def test_every_sign_of_the_house_is_known() -> None:
    """All equations that are told: of activations and optimizers."""
    told = [a.formula for a in OUTPUTS.values()] + [a.slope_formula for a in OUTPUTS.values()]
    told += [o.equation for o in OPTIMIZERS.values()] + [o.step for o in OPTIMIZERS.values()]
    for notation in (*told, *(SIGNS - {"\N{COMBINING CIRCUMFLEX ACCENT}"})):
        tex = mathematics(notation)
        assert tex.isascii(), (notation, tex)
        assert "U+" not in tex, (notation, tex)


@pytest.mark.parametrize("notation", ["w₁₁ŷ₂", "ŷ₁ = a₁", "δ₃ · x₁", "h²₁", "Σₖ yₖ"])
def test_a_subscript_follows_a_letter(notation: str) -> None:
    """Else it would be emphasis to a Markdown that looks into mathematics."""
    assert not re.search(r"[^A-Za-z0-9}]_", mathematics(notation))


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("x₁ is 0 here: w₁₁ has no say.", "$x_{1}$ is 0 here: $w_{11}$ has no say."),
        ("just ŷ − y.", r"just $\hat y - y$."),
        ("(a = −0.91): its", "$(a = -0.91)$: its"),
        ("from 0.15 → 0.14, and", r"from $0.15 \to 0.14$, and"),
        ("∂L/∂w of layer l", r"$\partial L/ \partial w$ of layer $l$"),
        ("a cat and a dog", "a cat and a dog"),
        ("10 %, a_b & $5 #1 ~^", r"10 \%, a\_b \& \$5 \#1 \textasciitilde{}\textasciicircum{}"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("größe, Łódź, naïve", r"gr\"{o}{\ss}e, {\L}\'{o}d\'{z}, na\"{\i}ve".replace(r"\"{\i}", r"\"{i}")),
        ("猫 и", "[U+732B] [U+0438]"),
        ("<b>|", r"\textless{}b\textgreater{}\textbar{}"),
        ("ŷ^(2)^(3)", r"\^{y}\textasciicircum{}(2)\textasciicircum{}(3)"),
    ],
)
def test_prose(text: str, tex: str) -> None:
    assert prose(text) == tex


@given(st.text(max_size=40))
def test_prose_is_ascii_with_nothing_left_open(text: str) -> None:
    tex = prose(text.replace("\n", " "))
    assert tex.isascii()
    bare = re.sub(r"\\[{}\\$&#_%]", "", tex)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert not set(re.sub(r"\$[^$]*\$", "", bare)) & set("#&%_~") or "~" in bare

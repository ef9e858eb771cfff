"""What an update takes off a parameter, in symbols and numbers."""

from __future__ import annotations

from dataclasses import replace

from worked_views import xor_view

from bptui.explain.taken import update_line
from bptui.explain.update import UpdateView
from bptui.explain.weight import Place, weight_chain

W31 = Place(1, 2, 0)


def told(view: UpdateView, place: Place = W31) -> str:
    return update_line(view, weight_chain(view, place, 0))


def test_plain_sgd_follows_from_the_gradient() -> None:
    assert told(xor_view(0, computed=9)) == "w ← w − η ∂L/∂w = −2.5139 − 0.5 × (+0.0116) = −2.5197"
    assert told(xor_view()) == "w ← w − η ∂L/∂w = −2.5139 − 0.5 × (+0.0116) = −2.5197"
    assert told(xor_view(3)) == "w ← w − η ∂L/∂w"


def test_a_bias_is_called_one() -> None:
    assert told(xor_view(0, computed=9), Place(2, 0, 4)).startswith("b ← b − η ∂L/∂b = −0.2530 − 0.5 × (")


def test_weight_decay_is_no_part_of_the_gradient_but_of_the_step() -> None:
    view = replace(xor_view(0, computed=9), weight_decay=0.1)
    # −2.5139 − 0.5 × (0.01162 + 0.1 × −2.5139) = −2.39402
    assert told(view) == ("w ← w − η (∂L/∂w + 0.1 w) = −2.5139 − 0.5 × (+0.0116 + 0.1 × −2.5139) = −2.3940")


def test_the_penalty_is_part_of_the_gradient_before_its_operation_too() -> None:
    whole = told(xor_view(0, computed=10, l2=0.1))
    assert told(xor_view(9, l2=0.1)) == whole
    assert "× (−0.2398)" in whole


def test_another_optimizer_has_its_formula_and_what_it_really_took() -> None:
    assert told(xor_view(0, computed=9, optimizer="momentum")) == "w ← w − η · v"
    made = told(xor_view(optimizer="momentum"))
    # the first step of momentum is η times the gradient
    assert made == "w ← w − η · v = −2.5139 − (+0.0058) = −2.5197"
    assert told(xor_view(0, computed=9, optimizer="adamw")).startswith("w ← w − (ηλ w + η")

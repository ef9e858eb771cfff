"""The inspector's picture, row by row."""

from __future__ import annotations

from dataclasses import replace

import fake
import numpy as np
import pytest

from bptui.explain.paths import paths_of
from bptui.explain.taken import update_line
from bptui.explain.update import UpdateView
from bptui.explain.weight import Place, of_chain, weight_chain
from bptui.tui.drawing.inspected import CheckLine, Inspected
from bptui.tui.drawing.inspector import draw_inspector
from bptui.tui.drawing.palette import DARK

CHECKS = (
    CheckLine("complex step", 0.011624426313553147, 6.9e-18, True),
    CheckLine("central diff.", 0.011624426310419267, 3.1e-12, True),
)
W31 = Place(1, 2, 0)


def seen(view: UpdateView, place: Place = W31, example: int = 2, listing: bool = False) -> Inspected:
    chain = weight_chain(view, place, example)
    paths = paths_of(view, place, example) if listing else None
    said = of_chain(view, chain)
    return Inspected(view, chain, example, CHECKS, update_line(view, chain), said, paths)


def xor(**changes: object) -> UpdateView:
    """XOR with the loss of each example."""
    losses = np.array([0.0641, 0.1390, 0.1747, 0.2330])
    return replace(fake.frame().update, **({"example_losses": losses} | changes))


def lines(shown: Inspected, width: int, height: int, whole: bool = False) -> list[str]:
    return draw_inspector(shown, width, height, DARK, whole).lines()


def test_a_weight() -> None:
    shown = replace(seen(xor()), history=((-2.5, 0.02), (-2.51, 0.015), (-2.5139, 0.0116)))
    assert lines(shown, 96, 28) == [
        "Weight w₃₁⁽¹⁾ ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ from x₁ to h₃ · hidden layer 1",
        "",
        "  w₃₁⁽¹⁾ = −2.5139                    ∂L/∂w₃₁ = 0.01162314291640441",
        "",
        "  How a change of this weight reaches the loss                                       example 3",
        "            × w₃₁           tanh           × w₃⁽²⁾            σ             −ln ŷ",
        "      x₁  ────────▸ z₃⁽¹⁾ ────────▸ a₃⁽¹⁾ ────────▸  z⁽²⁾ ────────▸   ŷ   ────────▸   ℓ",
        "   +1.000          −1.829          −0.950          +1.656          +0.840          +0.175",
        "",
        "  The chain of factors, read backward: one row an example, one column a local derivative",
        "  example      ∂ℓ/∂z⁽²⁾    ∂z⁽²⁾/∂a₃      ∂a₃/∂z₃     ∂z₃/∂w₃₁      product  share",
        "                  ŷ − y        w₃⁽²⁾      1 − a₃²           x₁      ∂ℓ/∂w₃₁",
        "     1  0 0     +0.0621 ×    −2.9996 ×    +0.6466 ×          0 =          0   0",
        "     2  0 1     −0.1298 ×    −2.9996 ×    +0.1340 ×          0 =          0   0",
        "  ▸  3  1 0     −0.1603 ×    −2.9996 ×    +0.0979 ×    +1.0000 =    +0.0471  ███████ +0.0118",
        "     4  1 1     +0.2078 ×    −2.9996 ×  +9.419e−4 ×    +1.0000 =  −5.872e−4  ▏ −1.5e−4",
        "                                         mean of the 4, ∂L/∂w₃₁ =   +0.0116",
        "",
        "  check       complex step  0.011624426313553147      difference 6.9e−18  ✓",
        "              central diff. 0.011624426310419267      difference 3.1e−12  ✓",
        "",
        "  Only examples 3 and 4 have x₁ = 1: they alone speak about w₃₁. Positive: a larger w₃₁ would",
        "  raise the loss.",
        "",
        "  update      w ← w − η ∂L/∂w = −2.5139 − 0.5 × (+0.0116) = −2.5197",
        "",
        "  seen here   w      █▃▁                                                  −2.5139 … −2.5000",
        "              ∂L/∂w  █▄▁                                                  +0.0116 … +0.0200",
    ]


def test_what_leads_on_stands_in_the_arrow_where_there_is_room() -> None:
    row = lines(seen(xor()), 109, 25)[5]
    assert "x₁  ───× w₃₁───▸ z₃⁽¹⁾ ────tanh───▸ a₃⁽¹⁾ ──× w₃⁽²⁾──▸  z⁽²⁾ ─────σ─────▸" in row
    assert row.endswith("───−ln ŷ───▸   ℓ")


def test_where_rows_are_scarce_the_path_goes_first_then_check_and_update() -> None:
    shown = seen(xor())

    def told(height: int) -> list[bool]:
        text = "\n".join(lines(shown, 109, height)[:height])
        words = ("How a change", "complex step", "update", "mean of the 4")
        return [word in text for word in words]

    assert told(20) == [True, True, True, True]
    assert told(13) == [False, True, True, True]
    assert told(11) == [False, False, True, True]
    assert told(10) == [False, False, False, True]


def test_what_fell_away_can_be_scrolled_to() -> None:
    shown = seen(xor())
    fitted = draw_inspector(shown, 56, 12, DARK)
    assert fitted.height > 12  # so that there is something to scroll
    text = "\n".join(lines(shown, 56, 12, whole=True))
    assert "  × w₃₁ ▸ z₃⁽¹⁾   −1.829" in text.replace("   × w₃₁", "  × w₃₁")
    assert "Δ 6.9e−18  ✓" in text


def test_a_small_inspector_lists_the_largest_and_the_others_together() -> None:
    drawn = lines(seen(xor()), 56, 8)
    assert drawn[5].startswith("  ▸  3  −0.1603 × −2.9996")
    assert drawn[6].split()[:3] == ["3", "more,", "together"]
    assert drawn[7].endswith("mean of the 4, ∂L/∂w₃₁  +0.0116")


@pytest.mark.parametrize("chosen_is_large", [True, False])
def test_of_many_examples_the_rest_is_summed_and_nothing_moves(chosen_is_large: bool) -> None:
    view = fake.frame(sizes=(2, 3, 4), batch=32).update
    place = Place(1, 1, 0)
    products = weight_chain(view, place, 0).products
    assert products is not None
    ordered = np.argsort(-np.abs(products)).tolist()
    shown = seen(view, place, ordered[0] if chosen_is_large else ordered[-1])
    drawn = lines(shown, 109, 28)
    rest = next(row for row in drawn if "more, together" in row)
    assert rest.split()[0] == ("26" if chosen_is_large else "25")
    assert sum(" = " in row and "×" in row and "update" not in row for row in drawn) == (
        6 if chosen_is_large else 7
    )
    assert [i for i, row in enumerate(drawn) if row.startswith("  check")] == [21]


def test_the_penalty_has_a_row_of_its_own() -> None:
    view = xor(l2=0.1)
    layer = view.layers[0]
    assert layer.grad_weights is not None
    with_share = replace(layer, grad_weights=layer.grad_weights + 0.1 * layer.weights)
    shown = seen(replace(view, layers=(with_share, view.layers[1])))
    text = "\n".join(lines(shown, 109, 26))
    assert "mean of the 4 =   +0.0116" in text
    assert "penalty, λ₂ w₃₁ =   −0.2514" in text
    assert "together, ∂L/∂w₃₁ =   −0.2398" in text


def test_what_is_not_computed_yet_is_a_point() -> None:
    shown = seen(fake.frame(1).update)
    text = "\n".join(lines(shown, 109, 26))
    assert "∂L/∂w₃₁ = ·" in text
    assert "  ▸  3  1 0           · ×    −2.9996 ×          · ×    +1.0000 =          ·" in text


def test_the_paths_stand_in_place_of_the_chain() -> None:
    view = fake.frame(sizes=(2, 3, 4)).update
    shown = seen(view, Place(1, 1, 0), listing=True)
    drawn = lines(shown, 76, 20)
    start = next(i for i, row in enumerate(drawn) if row.startswith("  What is sent back to h₂"))
    assert drawn[start] == "  What is sent back to h₂: 4 paths, example 3"
    ways = [row.split()[0] for row in drawn[start + 1 : start + 5]]
    assert sorted(ways) == ["ŷ₁", "ŷ₂", "ŷ₃", "ŷ₄"]
    assert "sent back =" in drawn[start + 5]


def test_numbers_that_are_not_finite_are_told() -> None:
    view = xor()
    layer = view.layers[1]
    assert layer.delta is not None
    broken = replace(layer, delta=np.full_like(layer.delta, np.nan))
    text = "\n".join(lines(seen(replace(view, layers=(view.layers[0], broken))), 109, 26))
    assert "nan" in text


def test_a_check_that_waits_or_does_not_apply_takes_the_same_rows() -> None:
    shown = seen(xor())
    waits = lines(replace(shown, check="the check waits for a pause"), 109, 28)
    corner = lines(replace(shown, check=(CHECKS[0], CheckLine("central diff.", None, 0.0, True))), 109, 28)
    assert "  check       the check waits for a pause" in waits
    assert "              central diff. a corner lies within its step" in corner
    update = [row.startswith("  update") for row in waits]
    assert update == [row.startswith("  update") for row in corner]


def test_every_size_can_be_drawn() -> None:
    for place in (W31, Place(1, 0, 2), Place(2, 0, 1)):
        for width, height in [(1, 1), (10, 3), (36, 10), (56, 16), (76, 20), (109, 28)]:
            for whole in (True, False):
                canvas = draw_inspector(seen(xor(), place), width, height, DARK, whole)
                assert canvas.height >= height

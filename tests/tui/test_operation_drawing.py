"""The operation panel: its pictures, and that no size, network or broken number defeats it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "explain"))
sys.path.insert(0, str(Path(__file__).parent))

import frames
from worked_views import XOR_INPUTS, XOR_TARGETS, make_view, xor_view

from bptui.explain.update import UpdateView
from bptui.session.frame import CheckBadge, Divergence, Ending, LastUpdate, Promise
from bptui.tui.actions import shown_keys
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.operation import draw_operation
from bptui.tui.drawing.palette import DARK, LIGHT
from bptui.tui.remapping import remapped

H3 = Choice(example=2, layer=1, unit=2, source=0)


def draw(
    view: UpdateView,
    width: int = 94,
    height: int = 19,
    choice: Choice = H3,
    what: str = "",
    whole: bool = False,
    **fields: Any,
) -> Canvas:
    frame = frames.frame(update=view, **fields)
    return draw_operation(frame, width, height, DARK, choice, focused=True, what=what, whole=whole)


def picture(text: str) -> list[str]:
    """A typed picture: each line after its margin bar."""
    return [line.split("|", 1)[1].rstrip() for line in text.strip("\n").split("\n")]


def test_the_error_signal_in_hand() -> None:
    lines = draw(xor_view(8)).lines()
    # fmt: off
    assert lines == picture("""
|Operation 8 of 10 · backward · error signal of hidden layer 1 ━━━━━━━━━━━━ example 3 · unit h₃
|The blame of each hidden unit: the output's error, sent back by W⁽²⁾, times the unit's slope.
|
|δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾)                             below: all 4 examples, one a row
|
| δ⁽¹⁾ 4×4                    δ⁽²⁾ 4×1    W⁽²⁾ 1×4                    tanh′(z⁽¹⁾) 1 − a²
|⎡+0.04 −0.11 −0.12 +0.13⎤   ⎡+0.06⎤     [+0.79 −2.19 −3.00 +2.11]   ⎡+0.79 +0.81 +0.65 +1.00⎤
|⎢−0.10 +0.18 +0.05 −0.02⎥ = ⎢−0.13⎥   ·                           ⊙ ⎢+0.99 +0.64 +0.13 +0.07⎥
|⎢−0.12 +9e−3 +0.05 −0.21⎥   ⎢−0.16⎥                                 ⎢+0.98 +0.02 +0.10 +0.61⎥
|⎣+0.13 −0.10 −6e−4 +0.13⎦   ⎣+0.21⎦                                 ⎣+0.78 +0.23 +9e−4 +0.29⎦
|                                                                   tanh(z)
|          sent back by ŷ     slope of h₃                                           ⣀⡤⠖⠒⠋⠉⠉⠉⠉⠉⠉
|δ₃⁽¹⁾ =    δ⁽²⁾ · w₃⁽²⁾   ×    1 − a₃²                                           ⣠⠞⠁
|      = −0.1603 × −2.9996 × 1 − (−0.9498)²                         ⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⢀⡜⠁⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄
|      =      +0.4807      ×    +0.0979                                       ⢀⡴⠋
|      =  +0.0471  → δ⁽¹⁾, row 3 (example), column 3 (unit)         ⣀⣀⢀⣀⣀⣀●⠤⠤⠤⠄    slope 0.098
|
|h₃ is nearly saturated (a = −0.95): its slope lets only 10 % of the blame through.
|
""")
    # fmt: on


def test_the_mean_of_the_batch_stands_where_the_examples_numbers_stood() -> None:
    lines = draw(xor_view(8), what="mean of the batch").lines()
    assert lines[0].endswith("━━ mean of 4 examples · unit h₃")
    assert lines[11:] == picture("""
|                   example 1   example 2   example 3   example 4
|mean δ₃⁽¹⁾ = 1/4 (   δ of 1  +   δ of 2  +   δ of 3  +   δ of 4  )
|           = 1/4 (  −0.1204  +  +0.0522  +  +0.0471  +  −5.9e−4  )
|           = 1/4 (  −0.1204  +  +0.0522  +  +0.0471  +  −5.9e−4  )
|           =  −0.0054  → the mean; rms 0.06970
|
|From −0.1204 (example 1) to +0.0522 (example 2).
|
""")
    assert "mean of 4 · h₃" in draw(xor_view(8), 80, 17, what="mean of the batch").lines()[0]


@pytest.mark.parametrize(("width", "columns"), [(94, 3), (119, 4), (145, 5), (190, 7)])
def test_a_broad_panel_shows_more_columns(width: int, columns: int) -> None:
    inputs = np.random.default_rng(0).normal(size=(32, 64))
    view = make_view((64, 64, 10), ("tanh", "softmax"), inputs, np.eye(10)[[0] * 32], 8)
    lines = draw(view, width, 19).lines()
    assert f"below: a window of 4 × {columns} around the chosen" in lines[3]
    assert max(map(len, lines)) <= width


def test_on_the_whole_screen_arrays_are_as_large_as_there_is_room() -> None:
    inputs = np.random.default_rng(0).normal(size=(32, 64))
    view = make_view((64, 64, 10), ("tanh", "softmax"), inputs, np.eye(10)[[0] * 32], 8)
    usual, whole = draw(view, 160, 43).lines(), draw(view, 160, 43, whole=True).lines()
    assert "below: a window of 28 × 6 around the chosen" in whole[3]
    assert sum(line.startswith(("…", "⋮")) for line in whole) == 28
    assert "δ⁽¹⁾ 64×32" not in usual[5]
    assert draw(xor_view(8), 60, 19, whole=True).lines()[0].endswith("━ example 3 · h₃")
    small = draw(xor_view(8), 80, 19, whole=True).lines()
    assert small[5].startswith(" δ⁽¹⁾ 4×4")
    assert draw(xor_view(8), 80, 19).lines()[5].startswith("writes δ⁽¹⁾")


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (
            CheckBadge(17, 17, 1.9e-15, passed=True),
            "     check          "
            "backpropagation against complex step: largest relative difference 1.9e−15  ✓",
        ),
        (
            CheckBadge(300, 1000, 2e-9, passed=False),
            "     check          largest relative difference 2.0e−9 (300 of 1,000 so far)  ✕",
        ),
        (CheckBadge(0, 17, 0.0, passed=True), ""),
        (None, ""),
    ],
)
def test_the_check_stands_under_the_promise(check: CheckBadge | None, told: str) -> None:
    promise = Promise(-3.983e-5, -3.976e-5, "")
    lines = draw(xor_view(0), 96, promise=promise, check=check).lines()
    assert lines[13].startswith("     promise")
    assert lines[14] == told


def test_a_tower_in_a_narrow_panel_leaves_the_slopes_out_and_cuts_nothing() -> None:
    view = make_view((2, *(3,) * 6, 1), ("tanh",) * 6 + ("sigmoid",), XOR_INPUTS, XOR_TARGETS, 0)
    lines = draw(view, 64, 14).lines()
    assert lines[1] == "δ⁽ˡ⁾ = (W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾) ⊙ σ′(z⁽ˡ⁾), 6 times over"
    assert lines[3].split() == ["layer", "rms", "δ", "×", "from", "the", "layer", "above"]
    assert "mean σ′(z)" in draw(view, 72, 14).lines()[3]


def test_a_low_panel_gives_up_its_blank_rows_before_a_layer() -> None:
    view = make_view((2, *(3,) * 6, 1), ("tanh",) * 6 + ("sigmoid",), XOR_INPUTS, XOR_TARGETS, 0)
    lines = draw(view, 60, 12).lines()
    assert [line[:2].strip() for line in lines[3:10]] == ["7", "6", "5", "4", "3", "2", "1"]
    assert draw(view, 60, 10).lines()[2].endswith("… 2 more")


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (70, "              → forward   z        a      ← backward   δ    ∂L/∂W"),
        (64, "              → forward   z        a ← backward    δ    ∂L/∂W"),
        (60, "                    z       a        δ   ∂L/∂W"),
    ],
)
def test_sizes_by_layer_keep_their_columns_where_it_is_narrow(width: int, heading: str) -> None:
    lines = draw(xor_view(0), width, 11).lines()
    assert lines[1] == heading
    assert len(lines[2].split()) == 6
    assert [lines[2][end] for end in (heading.index("z"), heading.index("δ"))] == ["·", "·"]


def test_without_room_for_all_arrays_the_sentences_stay() -> None:
    # fmt: off
    assert draw(xor_view(8), 76, 12).lines() == picture("""
|8 of 10 · backward · error signal, hidden ━━━━━━━━━━━━━━━━━━━ example 3 · h₃
|δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾)
|The blame of each hidden unit: the output's error, sent back by W⁽²⁾, times
|the unit's slope.
|
|          sent back by ŷ     slope of h₃
|δ₃⁽¹⁾ =    δ⁽²⁾ · w₃⁽²⁾   ×    1 − a₃²
|      = −0.1603 × −2.9996 × 1 − (−0.9498)²
|      =      +0.4807      ×    +0.0979
|      =  +0.0471  → δ⁽¹⁾, row 3 (example), column 3 (unit)
|h₃ is nearly saturated (a = −0.95): its slope lets only 10 % of the blame
|through.
""")
    # fmt: on


def test_in_the_narrowest_panel_no_number_is_cut() -> None:
    # fmt: off
    assert draw(xor_view(8), 40, 7).lines() == picture("""
|8 of 10 · backward · error signal, hidd…
|δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾)
|        sent back by ŷ     slope of h₃
|    =    δ⁽²⁾ · w₃⁽²⁾   ×    1 − a₃²
|    = −0.1603 × −2.9996 × 1 − (−0.9498)²
|    =      +0.4807      ×    +0.0979
|    =  +0.0471  → δ⁽¹⁾, row 3, column 3
""")
    # fmt: on


def test_the_weighted_sum_in_a_small_panel_is_a_list() -> None:
    assert draw(xor_view(1), 80, 17).lines() == picture("""
|Operation 1 of 10 · forward · weighted sum of hidden layer 1 ━━━━ example 3 · h₃
|z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾
|Each unit adds up its inputs, each times its weight, and its bias.
|
|writes z⁽¹⁾   −0.128  +2.542  −1.829  +0.737
| reads a⁽⁰⁾   +1.000       0
| reads W⁽¹⁾ᵀ  −2.514  −2.347
| reads b⁽¹⁾   +0.494  +0.474  +0.684  −0.035
|
|            from x₁        from x₂       bias
|z₃⁽¹⁾ =     w₃₁ · x₁    +  w₃₂ · x₂  +    b₃
|      = −2.514 × +1.000 + −2.347 × 0 + +0.6845
|      =     −2.5139     +     0      + +0.6845
|      =  −1.8294  → z⁽¹⁾, row 3 (example), column 3 (unit)
|x₂ is 0 here: w₃₂ has no say in this example, and will get no gradient from it.
|
|
""")


def test_one_update_with_its_sizes() -> None:
    promise = Promise(-3.983e-5, -3.976e-5, "")
    canvas = draw(xor_view(0, computed=9), step=640, promise=promise)
    assert canvas.lines()[:14] == picture("""
|One update ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ values of step 640
|     operation      equation                                  writes        size (rms of all)
| 1 → weighted sum   z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾                   z⁽¹⁾  4×4                1.5760
| 2 → activation     a⁽¹⁾ = tanh(z⁽¹⁾)                         a⁽¹⁾  4×4                0.7037
| 3 → weighted sum   z⁽²⁾ = W⁽²⁾ a⁽¹⁾ + b⁽²⁾                   z⁽²⁾  4×1                1.9703
| 4 → activation     a⁽²⁾ = σ(z⁽²⁾)                            a⁽²⁾  4×1                0.6143
| 5 ↔ loss           L = mean of ℓ(ŷ, y) over the batch        L                        0.1527
| 6 ← error signal   δ⁽²⁾ = ŷ − y                              δ⁽²⁾  4×1                0.1496
| 7 ← gradient       ∂L/∂W⁽²⁾ = mean of δ⁽²⁾ a⁽¹⁾ᵀ             ∂W⁽²⁾ 1×4                0.0292
| 8 ← error signal   δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾)         δ⁽¹⁾  4×4                0.1102
| 9 ← gradient       ∂L/∂W⁽¹⁾ = mean of δ⁽¹⁾ a⁽⁰⁾ᵀ             ∂W⁽¹⁾ 4×2                0.0173
|10 ↻ update         W ← W − η ∂L/∂W     b ← b − η ∂L/∂b       W, b                     0.0095
|
|     promise        lower L by about η‖∂L‖² = 3.983e−5     kept: 3.976e−5  (100 %)
""")


def test_at_the_first_start_sizes_are_dots_and_arrows_are_explained() -> None:
    lines = draw(xor_view(0)).lines()
    assert all(line.endswith("·") for line in lines[2:12])
    assert "values" not in lines[0]
    assert lines[13].strip() == "→ forward: from the inputs to the loss"
    assert lines[14].strip() == "← backward: the chain rule, from the loss to every weight"
    assert lines[15].strip().startswith("each δ gives its layer's gradient, then the δ below")
    single = make_view((2, 1), ("sigmoid",), XOR_INPUTS, XOR_TARGETS, 0, computed=0)
    assert "each δ" not in "".join(draw(single).lines())


def tower(layers: int, computed: int = 0) -> UpdateView:
    sizes, activations = (2, *(9,) * (layers - 1), 1), ("sigmoid",) * layers
    return make_view(sizes, activations, XOR_INPUTS, XOR_TARGETS, 0, computed=computed)


def test_a_row_a_layer_where_the_operations_do_not_fit() -> None:
    lines = draw(tower(5, 21)).lines()
    assert lines[1] == "              → forward   z        a      ← backward   δ    ∂L/∂W"
    assert [line[:9] for line in lines[2:7]] == [f"{l} sigmoid" for l in (5, 4, 3, 2, 1)]
    assert lines[7].startswith("loss L ")


def test_deep_nets_show_the_error_by_depth() -> None:
    lines = draw(tower(10, 41), step=300).lines()
    assert lines[0].startswith("Error signal by depth ━")
    assert lines[4].split()[0] == "10"
    assert "× 0." in lines[5]
    assert "σ′ ≤ 0.25: through 9 layers at most 3.8e−6" in lines[15]


@pytest.mark.parametrize("width", [60, 64, 71, 72, 80, 94])
def test_each_equation_of_an_update_is_whole(width: int) -> None:
    text = "\n".join(draw(xor_view(0, computed=9), width, 17).lines())
    for operation in xor_view(0).operations[:-1]:
        assert operation.equation.split("     ")[-1] in text
    assert "…" not in text


@pytest.mark.parametrize("width", [50, 60, 80, 94])
def test_the_legend_of_the_arrows_ends_with_a_word(width: int) -> None:
    lines = draw(xor_view(0), width, 17).lines()
    back = next(line for line in lines if "← backward" in line)
    assert back.endswith(("every weight", "the chain rule"))


def test_of_promise_and_check_the_numbers_are_bright() -> None:
    promise, check = Promise(-3.983e-5, -3.976e-5, ""), CheckBadge(17, 17, 1.9e-15, True)
    canvas = draw(xor_view(0, computed=9), promise=promise, check=check)
    bright = {
        segment.text
        for strip in canvas.strips()[13:15]
        for segment in strip
        if segment.style and segment.style.bold and str(segment.style.color.name) == DARK.bright
    }
    assert bright == {"3.983e−5", "3.976e−5", "1.9e−15"}


def test_the_promise_is_whole_where_it_is_narrowest() -> None:
    promise = Promise(-6.858e-4, -6.822e-4, "")
    lines = draw(xor_view(0, computed=9), 40, 10, promise=promise).lines()
    assert "     promise lower L by about 6.858e−4" in lines
    assert "             kept: 6.822e−4  (99 %)" in lines


def test_diverged() -> None:
    view = replace(xor_view(5), loss=float("inf"))
    losses = frames.history([0.5, 0.2, 0.0484, 0.0569, 0.2357, 2.45, 1e300, float("inf")])
    canvas = draw(view, step=7, divergence=Divergence(8, 5, None, "loss"), history=losses)
    assert canvas.lines()[:12] == picture("""
|Diverged ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ in update 8
|The loss became infinite in update 8. Training stopped there; nothing is lost.
|
|first not finite    L = inf  in operation 5 of 10, the loss
|
|      update          loss
|           3        0.0484   the lowest: of step 2
|           5        0.2357
|           6        2.4500
|           7     1.000e300
|           8           inf
|
""")


def test_the_loss_that_broke_is_told_where_the_history_ends_before_it() -> None:
    view = replace(xor_view(5), loss=float("inf"))
    losses = frames.history([0.5, 0.2, 2.45])
    lines = draw(view, step=3, divergence=Divergence(4, 5, None, "loss"), history=losses).lines()
    assert [line.split() for line in lines[6:9]] == [
        ["2", "0.2000", "the", "lowest:", "of", "step", "1"],
        ["3", "2.4500"],
        ["4", "inf"],
    ]


def test_where_it_is_narrow_what_helps_is_still_told_whole() -> None:
    def told(width: int) -> str:
        rows = draw_operation(frames.frame(update=tower(10, 41), step=1), width, 11, DARK, H3).lines()
        return " ".join(row.strip() for row in rows[-2:])

    assert told(94).endswith("of the output's error. Try: tanh or relu, he_normal weights, or fewer layers.")
    assert told(64).endswith("of the error. Try: tanh, relu, fewer layers.")


def test_how_large_it_was_in_the_last_updates_stands_beside_their_losses() -> None:
    view = replace(xor_view(5), loss=float("inf"))
    losses = frames.history([0.5, 0.2, 2.45, 60.0])
    made = (LastUpdate(4, 1.5, 0.25, 3.5), LastUpdate(5, 1e152))
    run = {"step": 4, "divergence": Divergence(5, 5, None, "loss"), "history": losses}
    lines = draw(view, ending=Ending(2, made), **run).lines()
    assert lines[5:10] == picture("""
|      update          loss      max|w⁽²⁾|     ‖∂L/∂W⁽²⁾‖     ‖ΔW‖/‖W‖
|           2        0.2000   the lowest: of step 1
|           3        2.4500              ·              ·            ·
|           4        60.000         1.5000         0.2500       3.5000
|           5           inf      1.000e152              ·            ·
""")
    narrow = draw_operation(frames.frame(update=view, ending=Ending(2, made), **run), 60, 19, DARK, H3)
    assert narrow.lines()[6].split() == ["update", "loss", "max|w⁽²⁾|", "‖∂L/∂W⁽²⁾‖"]


def test_a_loss_that_is_not_finite_is_an_accent_fill() -> None:
    view = replace(xor_view(5), loss=float("inf"))
    run = {"step": 3, "divergence": Divergence(4, 5, None, "loss"), "history": frames.history([0.5, 0.2, 2])}
    strips = draw(view, **run).strips()
    fills = [s.text for row in strips for s in row if s.style and _ground(s) == DARK.accent]
    assert fills == [" L = inf ", "inf"]


@pytest.mark.parametrize("size", [(94, 19), (64, 11), (64, 10), (64, 8)])
def test_after_a_divergence_four_keys_lead_on(size: tuple[int, int]) -> None:
    view = replace(xor_view(5), loss=float("inf"))
    run = {"step": 3, "divergence": Divergence(4, 5, None, "loss"), "history": frames.history([0.5, 0.2, 2])}
    actions, _ = remapped({"go_to": ["ctrl+g"], "eta_down": ["D"]})
    frame = frames.frame(update=view, **run)
    lines = draw_operation(frame, *size, DARK, H3, keys=shown_keys(actions)).lines()
    begin = next(y for y, line in enumerate(lines) if "Ctrl+G" in line)
    assert lines[begin : begin + 4] == picture("""
|  Ctrl+G   to step 1, the lowest loss; then D for a smaller η
|  b        back to step 3, the last with finite numbers
|  s        the operations of update 4 up to the one that broke
|  r        reset to the same start
""")


def test_narrow_a_way_on_has_fewer_words() -> None:
    view = replace(xor_view(5), loss=float("inf"))
    run = {"step": 3, "divergence": Divergence(4, 5, None, "loss"), "history": frames.history([0.5, 0.2, 2])}
    lines = draw_operation(frames.frame(update=view, **run), 50, 14, DARK, H3).lines()
    assert "  s      update 4, by operations" in lines


def test_without_colours_the_choice_is_bold() -> None:
    palette = replace(DARK, colourless=True)
    canvas = draw_operation(frames.frame(update=xor_view(8)), 94, 19, palette, H3)
    grounds = {_ground(segment) for row in canvas.strips() for segment in row if segment.style}
    assert grounds <= {DARK.bg, DARK.surface, DARK.accent}


def test_the_written_array_and_the_result_are_accent_fills() -> None:
    canvas = draw(xor_view(8))
    strip = canvas.strips()
    fills = [s.text.strip() for row in strip for s in row if s.style and _ground(s) == DARK.accent]
    assert fills == ["δ⁽¹⁾", "+0.05", "+0.0471"]


def _ground(segment: Any) -> str:
    return str(segment.style.bgcolor.name)


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (20, 3), (40, 8), (57, 12), (88, 16), (94, 19), (160, 46)])
@pytest.mark.parametrize("position", [0, 1, 3, 5, 7, 8, 10])
def test_no_size_defeats_it(size: tuple[int, int], position: int) -> None:
    for palette in (DARK, LIGHT):
        frame = frames.frame(update=xor_view(position), promise=Promise(0.1, -0.2, "overshot"))
        canvas = draw_operation(frame, *size, palette, H3)
        assert (canvas.width, canvas.height) == size
        assert len(canvas.strips()) == size[1]
        assert all(strip.cell_length == size[0] for strip in canvas.strips())


@pytest.mark.parametrize("height", range(6, 20))
def test_the_equation_of_the_element_never_falls_away(height: int) -> None:
    lines = draw(xor_view(8), 80, height).lines()
    assert any(line.startswith("δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾)") for line in lines)
    assert any(" =  +0.0471 " in line for line in lines) or height < 7


def test_zoomed_arrays_are_shown_whole() -> None:
    rng = np.random.default_rng(0)
    view = make_view((2, 8, 1), ("tanh", "sigmoid"), rng.random((8, 2)), np.ones((8, 1)), 1)
    lines = draw(view, 156, 40).lines()
    assert lines[3].endswith("below: all 8 examples, one a row")


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "nesterov"])
def test_no_character_without_a_cell_of_its_own(optimizer: str) -> None:
    for position in (0, 10):
        for line in draw(xor_view(position, optimizer=optimizer)).lines():
            assert "\u0302" not in line


def test_broken_numbers_are_shown_as_such() -> None:
    view = xor_view(1)
    z = np.full((4, 4), np.nan)
    view = replace(view, layers=(replace(view.layers[0], z=z), view.layers[1]))
    assert "  nan" in draw(view).lines()[6]

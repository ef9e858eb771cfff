"""Two branches side by side as text."""

from __future__ import annotations

import math
from typing import Any

from test_history_drawing import BRANCHES, branch

from bptui.session.compare import Apart, Comparison, Side
from bptui.session.history import Column
from bptui.session.marks import Mark
from bptui.tui.drawing.comparison import draw_comparison
from bptui.tui.drawing.palette import DARK


def curve(*losses: float) -> tuple[Column, ...]:
    return tuple(Column(i, i, loss, loss, loss) for i, loss in enumerate(losses, start=1))


ONE = branch(1, step=20, own=20)
OTHER = branch(2, 1, 10, name="calm", step=15, own=5, loss=0.5, current=True)
FALLING = curve(*(1.0 - i / 40 for i in range(20)))
LAYERS = (Apart(1, "tanh", 4.0, 3.0, 2.0, 0.5), Apart(2, "sigmoid", 2.0, 2.0, 0.25, 0.125))


def comparison(**changes: Any) -> Comparison:
    made: dict[str, Any] = {
        "one": Side(ONE, FALLING, ()),
        "other": Side(OTHER, curve(*(1.0 - i / 40 for i in range(10)), 1.2, 1.4, 1.6, 1.8, 2.0),
                      (Mark(10, "η 2"), Mark(12, "l2 0.01"))),
        "parted": 10, "beginning": "", "layers": LAYERS, "obstacle": "",
    }  # fmt: skip
    return Comparison(**(made | changes))


def lines(found: Comparison | None = None, width: int = 80, height: int = 26) -> list[str]:
    return draw_comparison(found or comparison(), width, height, DARK).lines()


def test_curves_changes_and_weights() -> None:
    assert lines() == [
        "Branches 1 and 2 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ parted at step 10",
        "───  branch 1                             at step        20  loss  0.0123",
        "⠂⠂⠂  branch 2 calm                        at step        15  loss  0.5000",
        "loss of each update · log scale",
        "     2 ╴                                    ┊parted   ⢀⡀⠄⠂⠁",
        "                                            ┊      ⡀⠄⠂⠁",
        "                                            ┊  ⡀⠄⠂⠁",
        "                                            ⡀⠄⠂",
        "                                          ⢀⠆┊",
        "     1 ╴⠑⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀                  ⢠⠃ ┊",
        "                       ⠉⠉⠉⠑⠒⠒⠒⠤⠤⠤⢄⣀⣀⣀   ⡀⠁  ┊",
        "                                     ⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⣀⣀⣀⡀",
        "                                            ┊      ⠈⠉⠉⠉⠒⠒⠒⠢⠤⠤⠤⣀⣀⣀⡀",
        "                                            ┊                    ⠈⠉⠉⠉⠑⠒⠤⠤⣀⣀⣀⡀",
        "        0                                                                     20",
        "",
        "What separates them ────────────────────────────────────────────────────────────",
        "branch 1 from step 10 on                 branch 2 from step 10 on",
        "  no change                                     10  η 2",
        "                                                12  l2 0.01",
        "",
        "Weights ────────────────────────────────────────────────────────────────────────",
        "W, b: branch 1 at its end; W′, b′: branch 2 at its.",
        "layer                  ‖W‖        ‖W′‖    ‖W − W′‖      of ‖W‖    ‖b − b′‖",
        "1 tanh              4.0000      3.0000      2.0000      50.0 %      0.5000",
        "2 sigmoid           2.0000      2.0000      0.2500      12.5 %      0.1250",
    ]


def test_where_it_is_narrow_lists_stand_under_each_other() -> None:
    drawn = lines(width=56, height=16)
    assert drawn[1].split() == ["───", "branch", "1", "at", "step", "20", "loss", "0.0123"]
    assert drawn[2].split() == ["⠂⠂⠂", "branch", "2", "calm", "at", "step", "15", "loss", "0.5000"]
    at = drawn.index("What separates them " + "─" * 36)
    assert drawn[at + 1 : at + 6] == [
        "branch 1 from step 10 on",
        "  no change",
        "branch 2 from step 10 on",
        "       10  η 2",
        "       12  l2 0.01",
    ]
    assert drawn[-3:] == [
        "layer             ‖W − W′‖      of ‖W‖    ‖b − b′‖",
        "1 tanh              2.0000      50.0 %      0.5000",
        "2 sigmoid           0.2500      12.5 %      0.1250",
    ]


def test_one_that_began_differently_says_how() -> None:
    found = comparison(
        parted=None, beginning="hidden 4 → 8, 8", layers=(), obstacle="2-4-1 and 2-8-8-1 differ"
    )
    drawn = lines(found)
    assert drawn[0].endswith("━ began differently")
    assert "They began differently: hidden 4 → 8, 8" in drawn
    assert drawn[-1] == "2-4-1 and 2-8-8-1 differ."
    assert not any("parted" in line for line in drawn)


def test_before_the_first_update_there_is_no_curve() -> None:
    found = comparison(one=Side(ONE, (), ()), other=Side(OTHER, (), ()))
    assert any("No update yet." in line for line in lines(found))


def test_one_that_diverged_ends_in_a_cross_and_does_not_flatten_the_other() -> None:
    wild = Side(BRANCHES[3], curve(1.0, 1e200, math.inf), ())
    text = "\n".join(lines(comparison(other=wild)))
    assert text.count("✕") == 2  # in the legend and on its curve
    assert "1e200" not in text


def test_a_weight_of_nothing_has_no_share() -> None:
    layers = (Apart(1, "tanh", 0.0, 3.0, 3.0, 0.0), Apart(2, "sigmoid", 1.0, 1.0, 1e-5, 0.0))
    drawn = lines(comparison(layers=layers))
    assert drawn[-2].split()[5] == "–"
    assert drawn[-1].split()[5:7] == ["<0.1", "%"]

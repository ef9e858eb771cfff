"""Header, tape, keys and message, cell for cell."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest

from bptui.session.frame import Frame, State
from bptui.tui.actions import ACTIONS
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.header import draw_header
from bptui.tui.drawing.keys import action_at, draw_keys, draw_message, put_keys, words
from bptui.tui.drawing.notation import shape
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.tape import draw_tape, operation_at


def header(frame: Frame, width: int) -> str:
    return draw_header(frame, width, 1, DARK, Choice()).row(0).rstrip()


def tape(frame: Frame, width: int, height: int = 2, compact: bool = False) -> list[str]:
    return draw_tape(frame, width, height, DARK, Choice(), compact=compact).lines()


def test_header_at_160() -> None:
    assert header(fake.frame(8), 160) == (
        " XOR 2-4-1 tanh → sigmoid                ▮ op  8/10   step 140      epoch 140     "
        "loss 0.1527  ↓   accuracy 100 %  η 0.5     sgd · full batch        speed full"
    )


def test_what_falls_away() -> None:
    assert header(fake.frame(8), 100) == (
        " XOR 2-4-1 tanh → sigmoid     ▮ op  8/10   step 140      loss 0.1527  ↓   accuracy 100 %  η 0.5"
    )
    assert header(fake.frame(8), 60) == " XOR 2-4-1  ▮ op  8/10  step 140    loss 0.1527  ↓ η 0.5"
    assert header(fake.frame(8), 40) == " ▮  8/10  step 140  loss 0.1527 ↓ η 0.5"


@pytest.mark.parametrize("width", range(1, 200, 7))
def test_the_header_is_never_too_long(width: int) -> None:
    frame = replace(fake.frame(), title="\x1b[31m" + "x" * 90, step=10**9, epoch=10**8, eta=1.23456e-6)
    row = draw_header(frame, width, 1, DARK, Choice()).row(0)
    assert len(row) == width
    assert "\x1b" not in row


def test_cells_do_not_move_with_their_numbers() -> None:
    small, large = header(fake.frame(), 160), header(replace(fake.frame(), step=1_234_567, loss=1.2e-9), 160)
    for word in ("step", "epoch", "loss", "accuracy", "η", "sgd"):
        assert small.index(word) == large.index(word)


@pytest.mark.parametrize(
    ("width", "step", "eta", "told"),
    [
        (100, 123_456, 0.0015, "step 123,456 η 0.0015"),
        (99, 123_456, 0.0015, "step 123.5k η 0.0015"),
        (60, 12_345, 0.0015, "step 12,345 η 0.0015"),
        (40, 1_234, 0.002, "step 1.2k η 2e−3"),
        (40, 123_456, 0.25, "step 123k η 0.25"),
        (40, 1_234_567, 12.5, "step 1.2M η 12.5"),
    ],
)
def test_a_number_without_room_is_rounded_and_never_cut(width: int, step: int, eta: float, told: str) -> None:
    words = header(replace(fake.frame(), step=step, eta=eta), width).split()
    found = [words[words.index(label) + at] for label in ("step", "η") for at in (0, 1)]
    assert " ".join(found) == told


def test_a_title_without_room_is_marked_and_keeps_a_blank() -> None:
    row = header(replace(fake.frame(), title="Vanishing tower"), 60)
    assert row.startswith(" Vanishing… ‖ paused")


@pytest.mark.parametrize(("loss", "fills"), [(0.5, []), (float("inf"), ["inf"]), (float("nan"), ["nan"])])
def test_a_loss_that_is_not_finite_is_an_accent_fill(loss: float, fills: list[str]) -> None:
    (strip,) = draw_header(replace(fake.frame(), loss=loss), 160, 1, DARK, Choice()).strips()
    found = [s.text for s in strip if s.style and s.style.bgcolor and s.style.bgcolor.name == DARK.accent]
    assert found == fills


def test_accuracy_keeps_its_unit() -> None:
    for width in (160, 100, 80):
        assert "accuracy 97.4 % η" in header(replace(fake.frame(), accuracy=0.974), width)


@pytest.mark.parametrize("state", [State.RUNNING, State.FINISHED, State.DIVERGED])
def test_the_state_is_whole_where_it_is_narrowest(state: State) -> None:
    row = header(replace(fake.frame(), state=state), 40)
    assert row.split()[0][1:] == state.value


def test_states() -> None:
    for state, word in {
        State.PAUSED: "‖ paused",
        State.RUNNING: "▶ running",
        State.FINISHED: "■ finished",
        State.DIVERGED: "✕ diverged",
    }.items():
        assert word in header(replace(fake.frame(), state=state), 160)


def test_running_at_full_speed_tells_the_rate() -> None:
    assert header(fake.frame(state=State.RUNNING), 160).endswith("38,000/s")


def test_tape_stands_over_the_network() -> None:
    assert tape(fake.frame(8), 94) == [
        "forward ▸     x ─────────▸ z⁽¹⁾ ──────▸ a⁽¹⁾ ─────────────────────▸ z⁽²⁾ ──────▸ a⁽²⁾ ─▸ L ─╮",
        "backward ◂ update ◂─────── ∂W⁽¹⁾ ◂───── δ⁽¹⁾ ◂───────────────────── ∂W⁽²⁾ ◂───── δ⁽²⁾ ◂─────╯",
    ]


def test_tape_where_it_is_narrow() -> None:
    assert tape(fake.frame(8), 64, compact=True)[0] == (
        "forward ▸     x ──▸ z⁽¹⁾ ───▸ a⁽¹⁾ ────▸ z⁽²⁾ ────▸ a⁽²⁾ ▸ L ─╮"
    )
    assert tape(fake.frame(8), 60, 1) == ["  z¹ ▸ a¹ ▸ z² ▸ a² ▸ L ◂ δ² ◂ ∂W² ◂ δ¹ ◂ ∂W¹ ◂ update"]


def test_one_line_follows_the_operation_in_hand() -> None:
    row = tape(fake.frame(18, sizes=(2, 3, 3, 3, 1)), 40, 1)[0]
    assert "update" in row
    assert row.startswith("…")


def test_one_line_says_where_it_is_cut() -> None:
    assert tape(fake.frame(), 40, 1) == ["  z¹ ▸ a¹ ▸ z² ▸ a² ▸ L ◂ δ² ◂ ∂W² …"]
    assert tape(fake.frame(8), 40, 1) == ["…  ▸ L ◂ δ² ◂ ∂W² ◂ δ¹ ◂ ∂W¹ ◂ update"]


def test_deep_tapes_have_a_slot_a_layer() -> None:
    rows = tape(fake.frame(8, sizes=(2, *(6,) * 9, 1)), 94)
    assert "▸ a⁽⁴⁾ " in rows[0] or "▸ a⁴ " in rows[0]
    assert rows[1].split()[3:]
    assert "10" in rows[1]


def test_an_operation_can_be_clicked() -> None:
    frame = fake.frame(8)
    row = tape(frame, 94)[1]
    assert operation_at(frame, 94, 2, row.index("δ⁽²⁾"), 1, False) == 6
    assert operation_at(frame, 94, 2, row.index("update"), 1, False) == 10
    assert operation_at(frame, 94, 2, 0, 1, False) is None


@pytest.mark.parametrize(
    ("eta", "told"), [(0.049999999999999996, "η 0.05 "), (1 / 6, "η 0.167 "), (0.0123, "η 0.0123 ")]
)
def test_an_eta_too_long_for_its_cell_is_rounded_and_never_cut(eta: float, told: str) -> None:
    assert told in draw_header(replace(fake.frame(), eta=eta), 160, 1, DARK, Choice(), False, False).row(0)


def test_keys() -> None:
    assert draw_keys(160, DARK, False).row(0).rstrip() == (
        " space run    s operation  n update  e epoch  b back  + - η  = η…  < > speed  [ ] example"
        "  r reset  H history  / presets  E experiment  z zoom  ? help  q quit"
    )
    assert draw_keys(80, DARK, True).row(0).rstrip() == (
        " space pause  s op  n update  e epoch  b back  + - η  r reset  / presets  ? help"
    )
    assert draw_keys(60, DARK, False).row(0).rstrip() == (
        " space run s op n update b back + - η / presets ? help"
    )


@pytest.mark.parametrize("width", range(8, 180, 3))
def test_help_never_falls_away(width: int) -> None:
    line = words(width, True)
    assert any(word.action == "help" for word in line) or width < 12
    assert line[-1].x + len(line[-1].text) <= width or width < 24


def test_each_key_is_where_it_is_clicked() -> None:
    row = draw_keys(160, DARK, False).row(0)
    assert action_at(160, False, row.index("+")) == "eta_up"
    assert action_at(160, False, row.index("- η")) == "eta_down"
    assert action_at(160, False, row.index("quit")) == "quit"
    assert action_at(160, False, 159) is None


def test_a_long_message_is_cut() -> None:
    assert draw_message([("x" * 90, "text")], 40, DARK).row(0) == " " + "x" * 38 + "…"


def test_every_action_has_words_and_keys_of_its_own() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert all(action.words and action.shown for action in ACTIONS)


def test_equal_layers_are_folded() -> None:
    assert shape((2, 6, 6, 6, 1)) == "2-6×3-1"
    assert shape((64, 64, 10)) == "64-64-10"


KEYS = (("↑ ↓", "unit"), ("[ ]", "example"), ("Esc", "close"))


@pytest.mark.parametrize(
    ("width", "done", "below", "line"),
    [
        (50, "", False, "   ↑ ↓ unit   [ ] example   Esc close"),
        (50, "", True, "   ↑ ↓ unit   [ ] example   Esc close     PgDn ▾"),
        (50, "copied", True, "   ↑ ↓ unit   [ ] example   Esc close     copied"),
        (36, "", False, "   ↑ ↓ unit   Esc close"),
        (16, "", False, "   Esc close"),
    ],
)
def test_of_a_sheets_keys_closing_is_the_last_to_go(width: int, done: str, below: bool, line: str) -> None:
    canvas = Canvas(width, 1, DARK)
    put_keys(canvas, 0, KEYS, done, below)
    assert canvas.lines()[0].rstrip() == line

"""What each key says in the message line, key after key."""

from __future__ import annotations

from pathlib import Path

from bptui.session import commands as c
from bptui.session import words
from bptui.session.session import Session
from bptui.tui.app import App
from bptui.tui.panels.message import MessageLine

PAST = "step 1 of 2   Esc comes back   space goes on from here   a change begins a branch"
SAID = (
    ("b", "This is the start"),
    ("n", "step 1: loss 0.6934, −1.0 %"),
    ("plus", "η 0.5 → 1 from step 1"),
    ("minus", "η 1 → 0.5 from step 1"),
    ("s", "s next  a⁽¹⁾ = tanh(z⁽¹⁾)"),
    ("n", "step 2: loss 0.6878, −0.8 %"),
    ("less_than_sign", "speed 10/s"),
    ("b", "back to step 1"),
    ("right_square_bracket", PAST),  # not what the key before it did
    ("B", "back to step 0, 0 epochs done"),
    ("r", "reset to seed 0"),
    ("R", "seed 1"),
    ("b", "back in the run before: seed 0, step 0"),
)


async def test_each_key_says_what_it_did_and_at_once() -> None:
    app = App(Session.open("xor"))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        line = app.main.query_one(MessageLine)
        for key, said in SAID:
            await pilot.press(key)
            shown = "".join(text for text, _ in line.parts)
            assert shown.partition("     ")[0] == said, key  # behind it: how to look at another number


GAPS = "a,b,kind\n1,2,u\n3,,v\n4,5,v\n2,1,u\n"


async def test_what_was_left_out_of_own_data_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "gaps.csv").write_text(GAPS)
    session = Session.open(str(tmp_path / "gaps.csv"))
    app = App(session, said=words.opened_own_data(session.experiment))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        line = app.main.query_one(MessageLine)
        said = 'gaps; 1 of 4 rows left out for missing cells: "b" in line 3; kind: 2 classes'
        assert "".join(text for text, _ in line.parts).startswith(said)
        await pilot.press("s")
        assert "".join(text for text, _ in line.parts).startswith("s next")


def test_of_what_ships_nothing_is_said() -> None:
    assert [words.opened_own_data(Session.open(name).experiment) for name in ("xor", "iris")] == ["", ""]


async def test_the_ends_of_a_ladder_say_that_it_stays() -> None:
    session = Session.open("xor")
    session.do(c.SetEta(2e-6))
    app = App(session)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        line = app.main.query_one(MessageLine)
        for key, said in (("minus", "η stays 1e−6"), ("greater_than_sign", "speed stays full")):
            await pilot.press(key, key, key)
            assert "".join(text for text, _ in line.parts) == said

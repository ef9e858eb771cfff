"""A preset that was saved in the playground is a preset like any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import Outcome

from bptui.session import commands as c
from bptui.session.session import Session

TABLE = "age,height,kind\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 3 > 0]}\n" for i in range(30))


def test_train_gives_what_a_reset_and_a_run_give(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE)
    session = Session.open(str(tmp_path / "people.csv"))
    session.do(c.SetKeys((("network.hidden", [5]), ("data.test_fraction", 0.2), ("training.epochs", 4))))
    session.do(c.StepUpdate())
    session.do(c.SetKeys((("training.optimizer", "adam"), ("training.l2", 0.01), ("training.batch_size", 7))))
    session.do(c.EtaUp())
    session.do(c.NewSeed())
    session.do(c.SavePreset("people"))
    session.do(c.Reset())
    while session.trainer.epochs < 4:
        session.do(c.StepUpdate())
    document = run("train", "people", "--weights", "--json").exits(0).document
    assert (document["steps"], document["seed"]) == (session.trainer.steps, 1)
    assert document["weights"] == [w.tolist() for w in session.trainer.network.weights]
    assert document["test"]["accuracy"] == session.frame().test_accuracy
    run("presets").exits(0).prints("people")

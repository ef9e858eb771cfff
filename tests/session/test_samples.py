"""What is told of whole parts along a run: each sample with the weights of its own step."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from experiments import Clock, cloud, line, session, slices

from bptui.experiment.build import Experiment
from bptui.session import commands as c
from bptui.session import samples as samples_module
from bptui.session.evaluation import Evaluator
from bptui.session.frame import Sample
from bptui.session.samples import Samples
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def parted() -> Experiment:
    """cloud() with its first 20 examples for testing."""
    train = cloud().train
    test = replace(train, **{name: getattr(train, name)[:20] for name in ("inputs", "targets", "raw_inputs")})
    return cloud(test=test)


def true_sample(experiment: Experiment, step: int) -> Sample:
    trainer = Trainer(experiment)
    trainer.run(steps=step, rules=False)
    test = trainer.metrics(experiment.test) if experiment.test else None
    return Sample(
        step, trainer.metrics().accuracy, test.loss if test else None, test.accuracy if test else None
    )


def test_each_step_that_was_looked_at_has_one() -> None:
    made = session(parted())
    made.frame()
    for _ in range(3):
        made.do(c.StepUpdate())
        made.frame()
        made.frame()
    made.do(c.StepUpdate())
    assert made.frame().samples == tuple(true_sample(parted(), step) for step in range(5))


def test_numbers_have_no_accuracy_and_without_a_test_part_there_is_nothing_of_it() -> None:
    assert session(line()).frame().samples == (Sample(0, None, None, None),)


def test_a_look_that_is_older_than_the_frame_stays_with_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it runs a look is taken again only so often; what is told of it belongs to its own weights."""
    clock, seen = Clock(), 0
    evaluate = Evaluator.evaluate

    def slow(self: Evaluator, part: object) -> object:
        nonlocal seen
        seen += 1
        clock.now += 0.01
        return evaluate(self, part)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluator, "evaluate", slow)
    monkeypatch.setattr("bptui.session.chunks.SECONDS", 0.0)  # as on a machine that is slow
    made = Session(parted(), clock=clock)
    made.do(c.Run())
    looked = {made.trainer.steps}
    made.frame()
    for i in range(60):
        made.advance(slices(1))
        clock.now += 0.1
        before = seen
        made.frame(hurried=i % 3 == 0)
        assert seen - before in (0, 2)
        if seen > before:
            looked.add(made.trainer.steps)
    monkeypatch.undo()
    made.do(c.Pause())
    samples = made.frame().samples
    assert {sample.step for sample in samples} == looked | {made.trainer.steps}
    assert 3 < len(looked) < 12
    for sample in samples:
        assert sample == true_sample(parted(), sample.step)


def test_a_change_in_the_past_forgets_those_after_it() -> None:
    made = session(cloud())
    for _ in range(6):
        made.do(c.StepUpdate())
        made.frame()
    made.do(c.GoTo(3))
    made.do(c.SetEta(2.0))
    for _ in range(4):
        made.do(c.StepUpdate())
    samples = made.frame().samples
    assert [sample.step for sample in samples] == [1, 2, 3, 7]
    assert samples[2] == true_sample(cloud(), 3)


def test_going_back_keeps_those_after_it_and_puts_others_among_them() -> None:
    made = session(cloud())
    for _ in range(6):
        made.do(c.StepUpdate())
    made.frame()
    made.do(c.Look(3))
    made.do(c.ComeBack())
    looked = [sample.step for sample in made.frame().samples]
    made.do(c.Look(4))
    assert [sample.step for sample in made.frame(hurried=True).samples] == looked
    assert [sample.step for sample in made.frame().samples] == sorted({*looked, 4})
    made.do(c.StepUpdate())
    made.frame()
    made.do(c.ComeBack())
    assert made.frame().samples == tuple(true_sample(cloud(), step) for step in sorted({*looked, 4, 5}))


def test_a_weight_by_hand_forgets_that_of_its_own_step() -> None:
    made = session(cloud())
    made.do(c.StepUpdate())
    made.frame()
    made.do(c.SetWeight(1, 0, 0, 3.0))
    (after,) = made.frame().samples
    assert after.accuracy != true_sample(cloud(), 1).accuracy
    made.do(c.Undo())
    assert made.frame().samples == (true_sample(cloud(), 1),)


def test_where_the_run_goes_past_a_change_that_of_its_step_is_taken_anew() -> None:
    made = session(cloud())
    made.do(c.StepUpdate())
    made.do(c.SetWeight(1, 0, 0, 3.0))
    made.frame()
    made.do(c.GoTo(0))
    made.do(c.StepUpdate())
    assert made.frame().samples[-1] == true_sample(cloud(), 1)


def test_a_run_that_is_taken_up_again_has_its_own() -> None:
    made = session(cloud())
    for command in (c.StepUpdate(), c.StepUpdate()):
        made.do(command)
        made.frame()
    made.do(c.Reset())
    assert [sample.step for sample in made.frame().samples] == [0]
    made.do(c.Back())
    assert [sample.step for sample in made.frame().samples] == [1, 2]


def test_too_many_are_thinned_and_the_first_and_the_last_stay() -> None:
    samples = Samples()
    for step in range(5_000):
        samples.add(Sample(step, 0.5, None, None))
        told = samples.told()
        assert len(told) <= samples_module.MOST
        assert (told[0].step, told[-1].step) == (0, step)
    steps = [sample.step for sample in told]
    assert steps == sorted(set(steps))
    assert len(steps) > samples_module.MOST // 4
    assert max(after - before for before, after in pairwise(steps)) <= 6 * 5_000 / samples_module.MOST

from __future__ import annotations

import dataclasses


def test_backpropagation_passes(run):
    found = run("check", "xor", "--step", "10", "--json").exits(0).document
    assert found["preset"] == "xor"
    assert found["method"] == "complex_step"
    assert found["parameters"] == 17
    assert found["passed"] is True
    assert found["max_relative_error"] <= 1e-12
    assert found["central"]["max_relative_error"] < 1e-6
    assert found["worst"]["parameter"] in ("W", "b")


def test_a_large_network_is_sampled_and_says_so(run):
    found = run("check", "xor", "--set", "network.hidden=[100, 100]", "--json").exits(0).document
    assert found["parameters"] > 10_000
    assert found["sampled"] == 1000


def test_people_get_plain_lines(run):
    run("check", "xor").exits(0).prints("complex step", "central", "worst", "passed")


def test_a_difference_exits_1(run, monkeypatch):
    from bptui.session import view

    honest = view.check
    monkeypatch.setattr(view, "check", lambda trainer: dataclasses.replace(honest(trainer), passed=False))
    run("check", "xor").exits(1).prints("DIFFERS")
    assert run("check", "xor", "--json").exits(1).document["passed"] is False


def test_it_takes_no_eta(run):
    run("check", "xor", "--eta", "1").exits(2).says("--eta")

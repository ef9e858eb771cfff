from __future__ import annotations

import os
import signal
import threading

import pytest

FAST = ("--epochs", "20")


def test_xor_reaches_its_stop_rule(run):
    found = run("train", "xor", "--json").exits(0).document
    assert found["preset"] == "xor"
    assert found["stopped"] == "loss"
    assert found["train"]["accuracy"] == 1.0
    assert found["steps"] == found["epochs"] > 100
    assert found["diverged"] is None
    assert found["test"] is None


def test_the_document_has_the_promised_keys_in_order(run):
    found = run("train", "xor", "--json", *FAST).exits(0).document
    promised = "preset seed steps epochs stopped train test seconds steps_per_second diverged"
    assert " ".join(key for key in found if key != "notices") == promised
    assert list(found["train"]) == ["loss", "penalty", "accuracy", "rmse"]


@pytest.mark.parametrize(
    ("arguments", "stopped", "steps"),
    [
        (("--epochs", "7"), "epochs", 7),
        (("--steps", "5"), "steps", 5),
        (("--steps", "5", "--epochs", "3"), "epochs", 3),
        (("--steps", "3", "--epochs", "5"), "steps", 3),
        (("--steps", "0"), "steps", 0),
    ],
)
def test_whichever_comes_first(run, arguments, stopped, steps):
    found = run("train", "xor", "--json", *arguments).exits(0).document
    assert (found["stopped"], found["steps"]) == (stopped, steps)


def test_weights_on_request(run):
    found = run("train", "xor", "--json", "--weights", *FAST).exits(0).document
    assert [(len(w), len(w[0])) for w in found["weights"]] == [(4, 2), (1, 4)]
    assert [len(b) for b in found["biases"]] == [4, 1]
    assert "weights" not in run("train", "xor", "--json", *FAST).document


def test_a_seed_makes_the_run(run):
    def weights(*arguments):
        return run("train", "xor", "--json", "--weights", *FAST, *arguments).exits(0).document["weights"]

    assert weights("--seed", "7") == weights("--seed", "7") == weights("--set", "training.seed=7")
    assert weights("--seed", "7") != weights("--seed", "8")


def test_changes_by_set_and_eta(run):
    found = run(
        "train", "xor", "--json", *FAST, "--weights", "--eta", "0.25", "--set", "network.hidden=[3, 2]"
    )
    assert [len(b) for b in found.exits(0).document["biases"]] == [3, 2, 1]


def test_divergence_is_told_and_exits_1(run):
    found = run("train", "too-large-eta", "--epochs", "5000", "--json").exits(1).document
    assert found["stopped"] == "diverged"
    assert set(found["diverged"]) == {"step", "operation", "layer", "quantity"}
    assert found["steps"] == found["diverged"]["step"] - 1


def test_people_are_told_of_a_divergence(run):
    run("train", "too-large-eta", "--epochs", "5000").exits(1).prints(
        "diverged: ", "was not finite in update"
    )


def test_people_get_plain_lines(run):
    found = run("train", "xor", *FAST).exits(0)
    found.prints("xor", "2-4-1", "tanh → sigmoid", "all epochs are done", "accuracy")
    assert "\x1b" not in found.out + found.err


def test_people_get_the_weights_too(run):
    run("train", "xor", "--weights", *FAST).exits(0).prints("layer 1: W (4×2)", "layer 2: W (1×4)")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--eta", "nan"),
        ("--eta", "0"),
        ("--eta", "-1"),
        ("--eta", "1e999"),
        ("--eta", "1_0"),
        ("--seed", "-1"),
        ("--seed", "9223372036854775808"),
        ("--seed", "٣"),
        ("--steps", "1.5"),
        ("--step", "3"),
        ("--jso",),
    ],
)
def test_a_wrong_argument_exits_2_with_one_message(run, arguments):
    found = run("train", "xor", *arguments).exits(2).says(arguments[0], "bptui train --help")
    assert found.out == ""
    assert found.err.count("\n") == 1


def test_an_unknown_preset_is_named(run):
    run("train", "no-such-preset").exits(2).says("no-such-preset")


def test_escape_sequences_in_arguments_are_harmless(run):
    found = run("train", "xor", "--\x1b[31mred").exits(2)
    assert "\x1b" not in found.err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_with_its_result_so_far(run, number, status):
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), number))
    timer.start()
    found = run("train", "xor", "--json", "--epochs", str(10**12), "--set", "training.stop_loss=")
    timer.join()
    document = found.exits(status).says("interrupted").document
    assert document["stopped"] == "interrupted"
    assert document["steps"] > 0

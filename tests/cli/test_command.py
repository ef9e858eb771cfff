"""The bare command, help and version, and what becomes of stdout."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from bptui.cli.main import VERBS


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_with_an_example(run, verb):
    found = run(verb, "--help").exits(0).prints("example:", f"bptui {verb}")
    assert ("--json" in found.out) == (verb != "open")  # which opens the playground
    assert found.err == ""


def test_the_help_names_every_verb(run):
    run("--help").exits(0).prints(*VERBS, "PRESET", "--version")


def test_version(run):
    import bptui

    assert run("--version").exits(0).out == f"bptui {bptui.__version__}\n"


@pytest.fixture
def terminal(monkeypatch):
    """Stdin and stderr as if they were a terminal; no playground is opened."""

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self):
            return True

    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "__stderr__", Terminal())
    return monkeypatch


@pytest.fixture
def opened(monkeypatch):
    """What the playground was opened with."""
    from bptui.tui import app

    sources = []

    def open_it(source, target, **choices):
        sources.append(source)
        usual = {"theme": None, "fps": None, "memory": 256 * 2**20}
        given = {name: value for name, value in choices.items() if value != usual[name]}
        if given:
            sources.append(given)
        return 0

    monkeypatch.setattr(app, "run", open_it)
    return sources


def test_the_bare_command_opens_the_playground(run, terminal, opened):
    run().exits(0)
    run("spiral").exits(0)
    assert opened == [None, "spiral"]


def test_theme_and_frames_a_second_for_one_run(run, terminal, opened):
    run("xor", "--theme", "light", "--fps", "8").exits(0)
    assert opened == ["xor", {"theme": "light", "fps": 8}]


def test_what_is_kept_of_the_past_may_take_so_many_megabytes(run, terminal, opened):
    run("xor", "--memory", "64").exits(0)
    assert opened == ["xor", {"memory": 64 * 2**20}]
    run("--memory=0").exits(2).says("--memory", "no whole number of megabytes")


@pytest.mark.parametrize("wrong", ["0", "61", "2.5", "1_0", "-1", "fast"])
def test_frames_a_second_are_1_to_60(run, terminal, opened, wrong):
    run(f"--fps={wrong}").exits(2).says("--fps", "from 1 to 60")
    assert opened == []


def test_an_unknown_theme_names_the_two(run, terminal, opened):
    run("--theme", "sepia").exits(2).says("sepia", "dark", "light")


def test_without_a_terminal_it_names_the_headless_verb(run, terminal, opened):
    terminal.setattr(sys, "stdin", io.StringIO())
    run().exits(2).says("terminal", "bptui train")
    terminal.setattr(sys, "stdin", None)
    run().exits(2).says("terminal")
    assert opened == []


def test_a_dumb_terminal_is_refused(run, terminal, opened):
    terminal.setenv("TERM", "dumb")
    run().exits(2).says("dumb", "bptui train")


def test_an_encoding_without_the_signs_is_refused(run, terminal, opened):
    sys.__stderr__.encoding = "ascii"
    run().exits(2).says("ascii", "UTF-8")


def test_textual_driver_stands_for_a_terminal(run, opened, monkeypatch):
    monkeypatch.setenv("TEXTUAL_DRIVER", "some.driver:Driver")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    run("xor").exits(0)
    assert opened == ["xor"]


def bptui(*arguments, **options):
    command = [sys.executable, "-m", "bptui", *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no /dev/full")
def test_a_full_disk_exits_74():
    with open("/dev/full", "w") as full:
        found = bptui("presets", stdout=full)
    assert found.returncode == 74
    assert found.stderr.count("\n") == 1
    assert "could not be written" in found.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_closed_stdout_exits_74():
    found = subprocess.run(
        ["sh", "-c", '"$0" -m bptui presets >&-', sys.executable], capture_output=True, text=True, timeout=60
    )
    assert (found.returncode, "closed" in found.stderr) == (74, True)


@pytest.mark.skipif(os.name == "nt", reason="a pipe of POSIX")
def test_a_reader_that_leaves_exits_141_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        found = bptui("presets", "--json", stdout=writer)
    finally:
        os.close(writer)
    assert (found.returncode, found.stderr) == (141, "")

"""Progress, notices and signals: what is said on stderr, and how a verb is ended."""

from __future__ import annotations

import io
import os
import signal
import sys

import pytest

from bptui.cli import diagnostics
from bptui.cli.interruption import Interrupted, Interruption
from bptui.cli.progress import Progress
from bptui.errors import ActionableError


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_where_stderr_is_a_terminal_and_nothing_left_of_it(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(lambda: 50, 100) as progress:
        progress.passed()
    assert f"[{'#' * 15}{'-' * 15}]  50%" in terminal.getvalue()
    assert terminal.getvalue().rsplit("\r", 2)[1].isspace()


def test_no_bar_elsewhere(run):
    assert "\r" not in run("train", "xor", "--epochs", "50").exits(0).err


@pytest.mark.parametrize(
    "command", [("train", "xor", "--epochs", "50"), ("explain", "xor", "--step", "50")], ids=" ".join
)
def test_the_bar_shows_while_training(run, monkeypatch, command):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    run(*command).exits(0)
    assert "updates" in terminal.getvalue()


def test_notices_leave_stdout_to_the_document(run):
    found = run("train", "xor", "--epochs", "1", "--json").exits(0).says("note: ", "2 classes")
    assert found.document["notices"]


@pytest.mark.parametrize("stream", [None, Terminal()])
def test_a_stderr_that_takes_nothing_is_no_reason_to_stop(monkeypatch, stream):
    if stream is not None:
        stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    diagnostics.notice("nobody hears this")


def test_a_mistake_is_harmless_and_whole(capsys):
    diagnostics.mistake(ActionableError("a\x1b.toml:3 data.source", "it is empty", "Name a source"))
    assert capsys.readouterr().err == "bptui: a\\x1b.toml:3 data.source: it is empty. Name a source\n"


posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@posix
def test_a_signal_ends_a_verb_at_once():
    with Interruption() as interruption, pytest.raises(Interrupted) as raised:
        os.kill(os.getpid(), signal.SIGTERM)
    assert raised.value.status == interruption.status == 143


@posix
def test_a_verb_that_defers_sees_it_and_a_second_ctrl_c_ends_it():
    with Interruption() as interruption:
        interruption.deferred = True
        os.kill(os.getpid(), signal.SIGHUP)
        assert interruption.pending()
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), signal.SIGINT)
    assert interruption.status == 129


@posix
def test_handlers_are_put_back_and_what_was_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption() as interruption:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interruption.pending()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@posix
@pytest.mark.parametrize("verb", ["explain", "check"])
def test_explain_and_check_end_with_nothing_on_stdout(run, monkeypatch, verb):
    from bptui.session.trainer import Trainer

    def interrupted(trainer, **options):
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Trainer, "run", interrupted)
    assert run(verb, "xor", "--step", "5").exits(130).out == ""


def test_too_little_memory_is_told(run, monkeypatch):
    from bptui.session import trainer

    def full(*arguments):
        raise MemoryError

    monkeypatch.setattr(trainer, "Trainer", full)
    run("train", "xor").exits(2).says("memory")


def test_of_a_name_of_thousands_of_characters_only_both_ends_are_said(capsys):
    diagnostics.mistake(ActionableError("a" * 5000 + ".toml", "there is no such file", "Look at the path"))
    said = capsys.readouterr().err
    assert said.startswith("bptui: aaa")
    assert said.endswith("a.toml: there is no such file. Look at the path\n")
    assert len(said) < 400

"""config.toml: what is read of it, what is said about it, and that nothing of the person's own is lost."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from bptui.session.pace import FULL, Speed
from bptui.tui.actions import ACTIONS
from bptui.tui.config import Config, Settings
from bptui.tui.keeping import FIRST_LINE, with_value

OWN = """\
# mine
theme = 'light'   # for the beamer
speed = 100
colour = "#123456"   # of another version

# keys
[keys]
zoom = "Z"
"""


def config(folder: Path, text: str) -> Config:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return Config(file)


def said(made: Config) -> list[str]:
    return [str(mistake) for mistake in made.mistakes]


def test_without_a_file_all_has_its_default(tmp_path: Path) -> None:
    made = Config(tmp_path / "nowhere" / "config.toml")
    assert made.settings == Settings("dark", None, 20, False, ACTIONS)
    assert made.mistakes == []


def test_what_stands_there_is_taken(tmp_path: Path) -> None:
    made = config(
        tmp_path, 'theme = "light"\nspeed = "1 op/s"\nfps = 8\ngreeted = true\n[keys]\nzoom = "Z"\n'
    )
    theme, speed, fps, greeted, actions = made.settings
    assert (theme, speed, fps, greeted) == ("light", Speed(1, True), 8, True)
    assert next(a.keys for a in actions if a.id == "zoom") == ("Z",)
    assert made.mistakes == []


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("theme = 5", 'config.toml:2: theme is 5. Themes are "dark" and "light"'),
        ('theme = "sepia"', "config.toml:2: theme is 'sepia'."),
        ("speed = -1", 'config.toml:2: speed is -1. A speed is such as 100 (updates a second), "1'),
        ("speed = true", "config.toml:2: speed is True."),
        ("fps = 61", "config.toml:2: fps is 61. It is a whole number from 1 to 60"),
        ("fps = true", "config.toml:2: fps is True."),
        ('greeted = "yes"', "config.toml:2: greeted is 'yes'. It is true or false"),
        ("colour = 1", "config.toml:2: there is no setting colour. It is kept. The settings are theme,"),
        ("keys = 1", "config.toml:2: keys is no table."),
        ("[keys]\noperation = 1", "config.toml:3: keys.operation is no key."),
        ("[keys]\noperation = ['x', 1]", "config.toml:3: keys.operation is no key."),
        ("[keys]\nlook = 'x'", "config.toml:3: look: there is no action look."),
        ("[keys]\noperations = 'x'", "config.toml:3: operations: there is no action operations. Did you"),
        ("[keys]\nfps = '9'", "config.toml:3: fps: there is no action fps. Settings stand above [keys]"),
        ("theme = ", "config.toml:2: this is no TOML: invalid value. Until it is mended"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_rest_holds(tmp_path: Path, line: str, mistake: str) -> None:
    made = config(tmp_path, f"greeted = true\n{line}\n".replace("greeted = true\ngreeted", "# two\ngreeted"))
    (told,) = said(made)
    assert told.startswith(mistake)
    assert made.settings.actions == ACTIONS
    assert made.settings._replace(greeted=False) == Settings()


def test_each_mistake_is_told(tmp_path: Path) -> None:
    made = config(tmp_path, 'fps = 0\n[keys]\nzoom = "Z"\ncopy = "esc2"\n')
    assert len(made.mistakes) == 2
    assert next(a.keys for a in made.settings.actions if a.id == "zoom") == ("Z",)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"x = " + b"[" * 5000, b"#" * 70_000, b"x = " + b"9" * 5000]
)
def test_what_cannot_be_read_is_told_and_stays(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    made = Config(file)
    assert len(made.mistakes) == 1
    made.remember("theme", "light")
    assert file.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with a name")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.toml")
    assert said(Config(tmp_path / "config.toml"))[0].startswith("config.toml: it is no regular file")


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'\xef\xbb\xbftheme = "light"\n')
    assert Config(tmp_path / "config.toml").settings.theme == "light"


# What is remembered


def test_the_first_thing_remembered_makes_the_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    Config(file).remember("greeted", True)
    assert file.read_text(encoding="utf-8") == FIRST_LINE + "greeted = true\n"
    assert Config(file).settings.greeted


def test_one_line_changes_and_all_else_stays(tmp_path: Path) -> None:
    made = config(tmp_path, OWN)
    made.remember("theme", "dark")
    made.remember("speed", "full")
    made.remember("greeted", True)
    expected = OWN.replace("'light'", '"dark"').replace("speed = 100", 'speed = "full"')
    expected = expected.replace("version\n", "version\ngreeted = true\n")
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == expected
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_what_was_written_meanwhile_stays(tmp_path: Path) -> None:
    made = config(tmp_path, "fps = 10\n")
    (tmp_path / "config.toml").write_text("fps = 30\n", encoding="utf-8")
    made.remember("theme", "light")
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == 'fps = 30\ntheme = "light"\n'


def test_a_file_broken_meanwhile_stays(tmp_path: Path) -> None:
    made = config(tmp_path, "fps = 10\n")
    (tmp_path / "config.toml").write_text("fps = \n", encoding="utf-8")
    made.remember("theme", "light")
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "fps = \n"


def test_where_it_cannot_be_written_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Config(tmp_path / "file" / "config.toml").remember("theme", "light")
    Config(None).remember("theme", "light")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("fps = 10\n", encoding="utf-8")
    (tmp_path / "config.toml").symlink_to(real)
    Config(tmp_path / "config.toml").remember("fps", 30)
    assert (tmp_path / "config.toml").is_symlink()
    assert real.read_text(encoding="utf-8") == "fps = 30\n"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", FIRST_LINE + "fps = 9\n"),
        ("fps=1", "fps=9"),
        ("'fps' = 1 # slow\n", "'fps' = 9 # slow\n"),
        ('a = "#"\n', 'a = "#"\nfps = 9\n'),
        ("# mine\n", "# mine\nfps = 9\n"),
        ("# mine", "# mine\nfps = 9\n"),
        ("[keys]\n", "fps = 9\n\n[keys]\n"),
        ("# top\n\n# about keys\n[keys]\nfps = 1\n", "# top\n\nfps = 9\n\n# about keys\n[keys]\nfps = 1\n"),
        ("fps = 1\r\n[keys]\r\n", "fps = 9\r\n[keys]\r\n"),
        ("a = 1\r\n", "a = 1\r\nfps = 9\r\n"),
    ],
)
def test_where_a_value_goes(text: str, changed: str) -> None:
    assert with_value(text, "fps", 9) == changed
    assert tomllib.loads(changed)["fps"] == 9


def test_a_value_in_several_lines_is_not_touched(tmp_path: Path) -> None:
    made = config(tmp_path, 'note = """\nfps = 3\n"""\n')
    made.remember("fps", 9)
    assert tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))["note"] == "fps = 3\n"


@pytest.mark.parametrize("speed", [FULL, Speed(1, True), Speed(1000), Speed(0.5)])
def test_a_speed_is_read_as_it_was_written(tmp_path: Path, speed: Speed) -> None:
    Config(tmp_path / "config.toml").remember("speed", speed.value)
    assert Config(tmp_path / "config.toml").settings.speed == speed

"""The program as a process: its start, its pipes and terminals, and its end."""

from __future__ import annotations

import array
import fcntl
import functools
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click
import pytest

from tests.cli.conftest import Run, jsonl
from wares.cli.commands import COMMANDS
from wares.cli.extensions import plugin_commands

WARES = [sys.executable, "-m", "wares"]
SLOW = ("sqlalchemy", "sqlmodel", "pydantic", "pydantic_settings", "alembic", "rich", "wares.books", "wares_demo")


def wares(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*WARES, *args], capture_output=True, text=True, timeout=120, check=False, **options)


def test_help_lists_everything_and_imports_nothing_slow() -> None:
    code = f"""
import sys
import termios
sys.argv = ["wares", "--help"]
from wares.cli.main import main
try:
    main()
finally:
    print([name for name in {SLOW!r} if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"
    for name, (_, help) in COMMANDS.items():
        assert f"  {name} " in shown
        assert help in " ".join(shown.split())
    assert "demo" in shown
    assert plugin_commands()["demo"].help in " ".join(shown.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_listed_help_is_the_command_s_own(name: str) -> None:
    command: click.Command = getattr(import_module(COMMANDS[name][0]), name)
    assert COMMANDS[name][1].rstrip(".") in " ".join((command.help or "").split())


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"reports"}))  # its commands come from plugins
def test_help_of_a_command_imports_nothing_slow(name: str) -> None:
    code = f"""
import sys
import termios
sys.argv = ["wares", {name!r}, "--help"]
from wares.cli.main import main
try:
    main()
finally:
    print([name for name in {SLOW!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_closed_pipe_is_no_error(shop: Run, folder: Path) -> None:
    lines = [{"record": "party", "code": f"P{number}", "name": "x" * 500} for number in range(10)]
    items = [{"record": "item", "type": "stock", "sku": f"S{number:04}", "name": "x" * 200} for number in range(1500)]
    (folder / "many.jsonl").write_text(jsonl(*lines, *items))
    assert wares("load", "many.jsonl", cwd=folder).returncode == 0
    with subprocess.Popen(
        [*WARES, "items", "list", "-f", "csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.read(100)
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(60) == 0


def _wait_until_read(pipe: IO[str]) -> None:
    unread = array.array("i", [1])
    while unread[0]:
        time.sleep(0.05)
        fcntl.ioctl(pipe.fileno(), termios.FIONREAD, unread)


def test_interrupting_ends_with_130_and_writes_nothing(shop: Run, folder: Path) -> None:
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a background job of a shell ignores the signal
    with subprocess.Popen([*WARES, "load", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          cwd=folder, text=True, preexec_fn=heed) as run:  # fmt: skip
        assert run.stdin is not None
        run.stdin.write(jsonl({"record": "party", "code": "LATE"}))
        run.stdin.flush()
        _wait_until_read(run.stdin)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (130, "")
    assert err.strip().startswith("error: INTERRUPTED: ")


def test_a_table_on_a_terminal_and_json_elsewhere(shop: Run, folder: Path) -> None:
    shown = _on_a_terminal(folder, "stdout", "items", "list")
    assert "BOLT" in shown
    assert "{" not in shown
    assert wares("items", "list", cwd=folder).stdout.startswith("[\n{")


def test_verify_shows_its_progress_on_a_terminal_only(shop: Run, folder: Path) -> None:
    assert "checking" in _on_a_terminal(folder, "stderr", "verify")
    assert "checking" not in _on_a_terminal(folder, "stderr", "verify", "-q")
    assert "checking" not in wares("verify", cwd=folder).stderr


def _on_a_terminal(folder: Path, stream: str, *command: str) -> str:
    """Return the text that a command shows where one of its streams is a terminal."""
    main_end, program_end = pty.openpty()
    with subprocess.Popen(
        [*WARES, *command], cwd=folder, env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
        stdout=program_end if stream == "stdout" else subprocess.DEVNULL,
        stderr=program_end if stream == "stderr" else subprocess.DEVNULL,
    ) as run:  # fmt: skip
        os.close(program_end)
        shown = b""
        while True:
            try:
                block = os.read(main_end, 65536)
            except OSError:
                break
            if not block:
                break
            shown += block
        assert run.wait(60) == 0
    os.close(main_end)
    return shown.decode()


def test_completion(shop: Run, folder: Path) -> None:
    assert "_WARES_COMPLETE" in wares("completion", "bash").stdout
    environment = {**os.environ, "_WARES_COMPLETE": "bash_complete", "COMP_WORDS": "wares it", "COMP_CWORD": "1"}
    code = "import sys; sys.argv = ['wares']; from wares.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["plain,items"]


@pytest.mark.parametrize("command", ["--db wares.db items list", "items --db wares.db list", "items list --db wares.db"])
def test_global_options_stand_anywhere(shop: Run, folder: Path, command: str) -> None:
    (folder / "wares.toml").unlink()
    assert shop(*command.split(), "-f", "jsonl").exit_code == 0


def test_the_environment_gives_settings(shop: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARES_FORMAT", "csv")
    assert shop("items", "list").stdout.startswith("sku,")
    assert shop("items", "list", "-f", "tsv").stdout.startswith("sku\t")


def test_quiet_prints_only_the_rows(shop: Run) -> None:
    assert shop("verify").stderr
    assert shop("-q", "verify").stderr == ""
    assert shop("verify", "-q").stderr == ""

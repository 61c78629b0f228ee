"""The command `wares` for tests that run it hundreds of times: a process of its own each time, without the cold start.

A server has imported all of Wares and run none of it. The command on the PATH is a small client that hands its arguments, working
folder, environment and standard streams to the server, which forks; the child runs the program with them, and the client ends with
its exit code. What a shell sees (pipes, redirections, exit codes, files, variables) is as of the installed command. Where a
variable for the interpreter itself is another than the server's (`PYTHONPATH` and the like), the client runs the installed command.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

_CLIENT = """#!{python} -IS
import json, os, socket, sys
if {{name: value for name, value in os.environ.items() if name.startswith("PYTHON")}} != {known!r}:
    os.execv({installed!r}, sys.argv)
mask = os.umask(0o77)
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
request = {{"arguments": sys.argv, "folder": os.getcwd(), "environment": dict(os.environ), "mask": mask}}
socket.send_fds(server, [b"."], [0, 1, 2])
server.sendall(json.dumps(request).encode())
server.shutdown(socket.SHUT_WR)
answer = server.makefile().read()
status = int(answer) if answer else 1
if status < 0:
    os.kill(os.getpid(), -status)
os._exit(status)
"""


@contextlib.contextmanager
def warm_wares() -> Iterator[Path]:
    """Yield a folder for the PATH whose command `wares` is warm, while a server that this process started serves it."""
    with tempfile.TemporaryDirectory(prefix="wares-warm-") as folder, _commands(Path(folder)) as commands:
        yield commands


@contextlib.contextmanager
def _commands(folder: Path) -> Iterator[Path]:
    address, commands = folder / "socket", folder / "bin"
    commands.mkdir()
    known = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    installed = str(Path(sys.executable).with_name("wares"))
    client = commands / "wares"
    client.write_text(_CLIENT.format(python=sys.executable, known=known, installed=installed, address=str(address)), "utf-8")
    client.chmod(0o755)
    with subprocess.Popen([sys.executable, __file__, str(address)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        try:
            yield commands
        finally:
            server.terminate()


def _serve(address: str) -> None:
    sys.path[0] = str(Path(sys.executable).parent)  # as where the installed command lies
    _import_all()
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(16)
    os.write(1, b"ready\n")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that nobody has to wait for the children
    while True:
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _answer(client)
        client.close()


def _import_all() -> None:
    """Import all that a command may import, pytest and the like aside."""
    packages = [import_module(name) for name in ("wares", *_plugins())]
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "testing" not in module.name.split(".") and not module.name.endswith("__main__"):
                with contextlib.suppress(ImportError):  # of something optional that is not installed
                    import_module(module.name)


def _plugins() -> list[str]:
    root = Path(__file__).parents[1] / "plugins"
    return sorted(path.parent.name for path in root.glob("*/wares_*/__init__.py"))


def _answer(client: socket.socket) -> None:
    """Run one command in a child, and send its exit code, or the number of the signal that ended it below 0."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(client, 1, 3)
    request = json.loads(client.makefile("rb").read())
    child = os.fork()
    if child == 0:
        client.close()
        _become(request, streams)
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):  # the client has been killed
        client.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """Be the command: with its streams, folder, environment and arguments, to its end."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.umask(request["mask"])
    os.chdir(request["folder"])
    sys.argv = request["arguments"]
    invalidate_caches()
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), sys.stdin.encoding)
    for name, number in ("stdout", 1), ("stderr", 2):
        old = getattr(sys, name)  # has the ways of the interpreter: its encoding, and whether it waits for a full buffer
        options = {"line_buffering": old.line_buffering, "write_through": old.write_through}
        raw: Any = io.FileIO(number, "w", closefd=False)
        binary = raw if old.write_through else io.BufferedWriter(raw)
        setattr(sys, name, io.TextIOWrapper(binary, old.encoding, old.errors, **options))
    code = 0
    try:
        from wares.cli.main import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(BrokenPipeError):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])

"""Nothing is sent anywhere: every command runs where no socket can be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import EXAMPLES, PEERS, SYDDJURS, styring_says

REFUSES = '''\
"""Loaded by every Python that starts: a socket that is opened ends the program with exit 99."""
import os, socket

class Refused(socket.socket):
    def __new__(cls, *args, **kwargs):
        os._exit(99)

socket.socket = socket.SocketType = Refused
socket.create_connection = socket.getaddrinfo = lambda *a, **k: os._exit(99)
'''
CONTEXT = EXAMPLES / "rammevilkaar.csv"
COMMANDS = {
    "demo": ("demo", "her"),
    "review": ("review", SYDDJURS, "--peers", PEERS, "--context", CONTEXT, "--similar", 5),
    "batch": ("batch", SYDDJURS, EXAMPLES / "odder.xlsx", "--out", "ud", "--jobs", 2),
    "inspect": ("inspect", SYDDJURS),
    "explain": ("explain", "opfoelgning-rettidig", SYDDJURS),
    "trace": ("trace", EXAMPLES / "odder.xlsx", "Økonomi!H17"),
    "forecast": ("forecast", EXAMPLES / "odder.xlsx"),
    "peers build": ("peers", "build", SYDDJURS, "--out", "p.csv"),
    "peers list": ("peers", "list", PEERS),
    "template": ("template", "tom.xlsx"),
    "check": ("check",),
    "indicators": ("indicators", "list"),
}


def without_sockets(folder: Path) -> dict[str, str]:
    """Return the environment in which Python loads what refuses sockets."""
    (folder / "sitecustomize.py").write_text(REFUSES, "utf-8")
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_opens_no_socket(name: str, tmp_path: Path) -> None:
    """It ends well where a socket would end it at once."""
    (tmp_path / "laas").mkdir()
    ran = styring_says(*COMMANDS[name], cwd=tmp_path, **without_sockets(tmp_path / "laas"))
    assert ran.code == 0, ran.err


def test_the_refusal_has_teeth(tmp_path: Path) -> None:
    """A Python that opens a socket in that environment ends with 99."""
    (tmp_path / "socket_user.py").write_text("import socket\nsocket.socket()\n", "utf-8")
    (tmp_path / "styring").mkdir()
    (tmp_path / "styring" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "styring" / "__main__.py").write_text("import socket_user\n", "utf-8")
    ran = styring_says(cwd=tmp_path, **without_sockets(tmp_path))
    assert ran.code == 99

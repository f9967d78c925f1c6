"""A folder of definitions as it was in a git revision, read without touching the working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from styring.definitions import Folder, folder_of, is_shipped, load_folder
from styring.errors import InputError, Texts

FOLDER = "indicators"
"""The folder of the repository that holds the definitions, where nothing else is said."""
FILE_MODES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two catalogues: its name as given, the folder, whether it is styring's own."""

    name: str
    folder: Folder
    shipped: bool


def side(name: str, cwd: Path) -> Side:
    """Return the definitions in a folder, else in a git revision (`REV` or `REV:path`).

    Raises:
        InputError: it is neither, or holds no definitions.
    """
    folder = cwd / name
    if folder.is_dir():
        return Side(name, load_folder(folder), is_shipped(folder))
    revision, _, path = name.partition(":")
    root = _root(name, cwd)
    commit = _commit(revision, name, root)
    path = path.strip("/") or FOLDER
    found = folder_of(_files(f"{commit}:{path}", name, root))
    if not found.found and not found.problems:
        raise _no_definitions(name, path)
    return Side(name, found, is_shipped(root / path))


def _git(arguments: Sequence[str], cwd: Path, given: bytes = b"") -> tuple[int, bytes]:
    """Return the exit code and standard output of git; nothing is fetched, nothing is locked."""
    quiet = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        ran = subprocess.run(  # noqa: S603 - without a shell, the arguments one by one
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=cwd,
            input=given,
            capture_output=True,
            check=False,
            env=os.environ | quiet,
        )
    except FileNotFoundError as error:
        raise InputError(
            Texts("Programmet git findes ikke.", "There is no program git."),
            hint=Texts(
                "Installér git, eller giv to mapper med definitioner.",
                "Install git, or give two folders of definitions.",
            ),
        ) from error
    return ran.returncode, ran.stdout


def _root(name: str, cwd: Path) -> Path:
    code, out = _git(["rev-parse", "--show-toplevel"], cwd)
    if code != 0:
        raise InputError(
            Texts(
                "Det er ingen mappe, og her er intet git-arkiv at finde en revision i.",
                "It is no folder, and there is no git repository here to find a revision in.",
            ),
            where=name,
        )
    return Path(os.fsdecode(out.rstrip(b"\n")))


def _commit(revision: str, name: str, root: Path) -> str:
    code, out = _git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], root)
    if code != 0 or revision.startswith("-"):
        raise InputError(
            Texts(
                "Det er hverken en mappe eller en revision i git-arkivet.",
                "It is neither a folder nor a revision in the git repository.",
            ),
            where=name,
            hint=Texts(
                "Skriv en mappe, en revision som HEAD~1 eller REVISION:mappe.",
                "Write a folder, a revision such as HEAD~1, or REVISION:folder.",
            ),
        )
    return out.decode("ascii").strip()


def _files(tree: str, name: str, root: Path) -> dict[str, bytes]:
    """Return the TOML files of a tree by their path in it."""
    code, out = _git(["ls-tree", "-r", "-z", tree], root)
    if code != 0:
        raise _no_definitions(name, tree.partition(":")[2])
    names: dict[str, str] = {}
    for line in out.split(b"\0")[:-1]:
        about, _, raw = line.partition(b"\t")
        mode, _, blob = about.decode("ascii").split()
        if mode in FILE_MODES and raw.endswith(b".toml"):
            names[os.fsdecode(raw)] = blob
    wanted = "".join(f"{blob}\n" for blob in names.values()).encode()
    _, out = _git(["cat-file", "--batch"], root, wanted)
    found, at = {}, 0
    for path in names:
        end = out.index(b"\n", at)
        _, kind, *rest = out[at:end].split()
        if kind != b"blob":
            raise _no_definitions(name, path)
        at = end + 1 + int(rest[0]) + 1
        found[path] = out[end + 1 : at - 1]
    return found


def _no_definitions(name: str, path: str) -> InputError:
    return InputError(
        Texts(
            f"Revisionen har ingen indikatordefinitioner i «{path}».",
            f"The revision has no indicator definitions in “{path}”.",
        ),
        where=name,
        hint=Texts(
            "Skriv REVISION:mappe, hvis de står et andet sted.",
            "Write REVISION:folder if they are elsewhere.",
        ),
    )

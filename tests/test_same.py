"""The same input gives the same bytes: wherever, whenever and by whomever it is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import styring
from running import EXAMPLES, PEERS, SYDDJURS, styring_says
from styring.formats import FORMATS

CONTEXT = EXAMPLES / "rammevilkaar.csv"
CLOCKS = {
    ("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"),
    ("time", "time"), ("time", "localtime"), ("time", "gmtime"), ("os", "urandom"),
    ("random", "random"), ("uuid", "uuid4"), ("uuid", "uuid1"), ("locale", "setlocale"),
}  # fmt: skip
"""What would make a report another one on another day or machine."""
SURROUNDINGS = {
    "hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "4711"},
    "far east": {"TZ": "Pacific/Kiritimati"},
    "far west": {"TZ": "Pacific/Pago_Pago"},
    "no locale": {"LC_ALL": "C", "LANG": "C"},
    "another locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "one thread": {"POLARS_MAX_THREADS": "1"},
    "four threads of linear algebra": {"OPENBLAS_NUM_THREADS": "4"},
    "another user": {"USER": "en anden", "USERNAME": "en anden", "LOGNAME": "en anden"},
}


def files(folder: Path, **surroundings: str) -> dict[str, bytes]:
    """Return the files of a review in every format, made in a folder of its own."""
    folder.mkdir(parents=True)
    ran = styring_says(
        "review", SYDDJURS, "--peers", PEERS, "--context", CONTEXT, "--out", "ud",
        "--format", ",".join(FORMATS), cwd=folder, **surroundings,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return {p.name: p.read_bytes() for p in sorted((folder / "ud").iterdir())}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files as they are made here."""
    return files(tmp_path_factory.mktemp("plain") / "her")


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_surroundings_change_no_byte(
    name: str, plain: dict[str, bytes], tmp_path: Path
) -> None:
    """In another folder, too: with blanks and letters of other kinds in its name."""
    found = files(tmp_path / f"en mappe æøå {name}", **SURROUNDINGS[name])
    assert set(plain) == {f"review.{f}" for f in FORMATS}
    for file, data in plain.items():
        assert found[file] == data, f"{file} is another one with {name}"


def test_nothing_asks_what_day_it_is_or_throws_dice() -> None:
    """Reports are dated by the workbook; what is drawn is drawn from the seed."""
    found = [
        f"{file.name}:{node.lineno} {node.value.id}.{node.attr}"
        for file in sorted(Path(styring.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
    ]
    assert not found, "\n".join(found)

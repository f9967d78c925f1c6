"""The files that are made from others are what would be made now."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from python_calamine import CalamineWorkbook

import generate
from running import styring_in_process

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"


def module(path: Path) -> ModuleType:
    """Return a script as a module, by its file."""
    spec = importlib.util.spec_from_file_location(f"made_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


DOCS = module(ROOT / "docs" / "generate.py")


@pytest.mark.parametrize("file", DOCS.files(), ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_page_is_what_it_is_made_from(file: Path) -> None:
    """Made again with `python docs/generate.py`."""
    assert file.read_text("utf-8") == DOCS.files()[file]


def test_no_page_is_left_of_a_centre_that_is_gone() -> None:
    """Only what is made stands in the folder of definitions."""
    kept = set((ROOT / "docs" / "indicators").rglob("*.md"))
    assert kept == {f for f in DOCS.files() if "indicators" in f.relative_to(ROOT).parts}


def cells(path: Path) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return every cell of a workbook."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples as the generator writes them now."""
    folder = tmp_path_factory.mktemp("examples")
    assert generate.main([str(folder)]) == 0
    return folder


@pytest.mark.parametrize("name", sorted(p.name for p in EXAMPLES.glob("*.xlsx")))
def test_an_example_is_what_the_generator_writes(made: Path, name: str) -> None:
    """Cell by cell: how tightly a machine packs them does not matter."""
    assert cells(made / name) == cells(EXAMPLES / name)


def test_the_framework_conditions_are_what_the_generator_writes(made: Path) -> None:
    """Byte for byte."""
    name = "rammevilkaar.csv"
    assert (made / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_the_peers_file_is_built_from_the_examples(tmp_path: Path) -> None:
    """With `styring peers build`, from all eight."""
    ran = styring_in_process(
        "peers", "build", *sorted(EXAMPLES.glob("*.xlsx")), "--out", "peers.csv", cwd=tmp_path
    )
    assert ran.code == 0
    assert (tmp_path / "peers.csv").read_bytes() == (EXAMPLES / "peers.csv").read_bytes()

"""A name and a CPR number planted everywhere in a workbook come out nowhere."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

import openpyxl
import pytest

import build
from planting import FILE, PLANT, planted
from running import EXAMPLES, PEERS, SYDDJURS, Ran, styring_in_process
from styring import privacy
from styring.formats import FORMATS

TELLTALE = re.compile(r"Jens|Hansen|010190.?1234|10190.?1234", re.IGNORECASE)
CONTEXT = EXAMPLES / "rammevilkaar.csv"


def texts_of(name: str, data: bytes) -> Iterator[str]:
    """Yield all texts of a written file: of the parts of a zip, of the pages of a PDF."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                text = archive.read(part).decode("utf-8", errors="replace")
                yield unescape(text) + re.sub(r"<[^>]+>", "", unescape(text))
    elif data.startswith(b"%PDF"):
        tool = shutil.which("pdftotext")
        if tool is not None:
            ran = subprocess.run([tool, "-", "-"], input=data, capture_output=True, check=True)
            yield ran.stdout.decode()
        yield data.decode("latin-1")
    else:
        text = data.decode("utf-8", errors="replace")
        yield unescape(text) + re.sub(r"<[^>]+>", "", unescape(text))
    yield name


def told(folder: Path, *ran: Ran) -> list[str]:
    """Return where a name or a number is found: in a file under a folder, or on the screen."""
    found = [
        f"{path.relative_to(folder)}: …{text[max(0, hit.start() - 60) : hit.end() + 20]}…"
        for path in sorted(p for p in folder.rglob("*") if p.is_file())
        for text in texts_of(path.relative_to(folder).as_posix(), path.read_bytes())
        if (hit := TELLTALE.search(text))
    ]
    return [*found, *(f"screen: {line}" for r in ran for line in (r.out + r.err).splitlines()
                      if TELLTALE.search(line))]  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory.mktemp("ind") / FILE)


def test_a_review_in_every_format(book: Path, tmp_path: Path) -> None:
    """Also with the last one beside it, and with lists of cases for the team."""
    asked = ("review", book, "--peers", PEERS, "--context", CONTEXT, "--set", "all",
             "--format", ",".join(FORMATS))  # fmt: skip
    first = styring_in_process(*asked, cwd=tmp_path)
    again = styring_in_process(
        *asked, "--out", "igen", "--previous", "[navn fjernet] [CPR fjernet]-review",
        "--case-lists", "lister.xlsx", cwd=tmp_path,
    )  # fmt: skip
    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert len(list(tmp_path.rglob("review.*"))) == 2 * len(FORMATS)
    assert not told(tmp_path, first, again)


def test_without_the_gate_they_would_come_out(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it proves nothing that they do not."""
    for gate in ("without_cpr", "without_names"):
        monkeypatch.setattr(privacy, gate, lambda tables: (tables, []))
    styring_in_process("review", book, "--out", "ud", cwd=tmp_path)
    assert {f.split(":")[0] for f in told(tmp_path)} >= {"ud/review.json", "ud/review.md"}


def test_every_column_with_a_name_is_told_of(book: Path) -> None:
    """By its cell, and as a warning that does not repeat the name; sheets too."""
    reading = build.read_file(book)
    said = build.notes(reading, "personnavn")
    assert {n.column for n in said} >= {
        "ydelse", "maalgruppe", "afslutningsaarsag", "tilgang_fra", "kommentar", "ansvarlig",
    }  # fmt: skip
    assert all(n.severity == "warning" and n.sheet and n.cell for n in said if n.column)
    assert [n.sheet for n in said if not n.column] == [
        "Sager [navn fjernet] [CPR fjernet]", "Notat [navn fjernet] [CPR fjernet]",
    ]  # fmt: skip


def test_everything_that_is_shown_on_the_screen(book: Path, tmp_path: Path) -> None:
    cell = f"Sager {PLANT}!H3"
    ran = [styring_in_process(*command, cwd=tmp_path) for command in _shown(book, cell)]
    assert [r.code for r in ran] == [0] * len(ran), [r.err for r in ran]
    assert not told(tmp_path, *ran)


def _shown(book: Path, cell: str) -> Sequence[Sequence[object]]:
    return [
        ("inspect", book),
        ("inspect", book, "--format", "json"),
        ("explain", "nettotilgang", book, "--by", "paragraf"),
        ("explain", "handleplan-tilbudt", book),
        ("explain", "omgoerelsesprocent", book),
        ("trace", book, cell),
        ("forecast", book),
    ]


def test_a_batch_with_its_overview_and_records(book: Path, tmp_path: Path) -> None:
    """One workbook is reviewed, one cannot be opened, one is of the same municipality."""
    broken = tmp_path / "ind" / FILE
    broken.parent.mkdir()
    broken.write_bytes(book.read_bytes()[:5000])
    ran = styring_in_process("batch", book, broken, SYDDJURS, "--out", "ud/alle", cwd=tmp_path)
    assert "allerede gennemgået" in ran.err
    assert list((tmp_path / "ud" / "alle" / ".styring-batch").iterdir())
    assert "navn fjernet" in (tmp_path / "ud" / "alle" / "overview.md").read_text("utf-8")
    assert not told(tmp_path / "ud", ran)


def test_a_mapping_file_and_a_peers_file(book: Path, tmp_path: Path) -> None:
    """And the sheet and the column are still found by what the mapping file calls them."""
    ran = [
        styring_in_process(*command, cwd=tmp_path)
        for command in [
            ("inspect", book, "--write-map", "--map", "map.toml"),
            ("inspect", book, "--map", "map.toml"),
            ("peers", "build", book, "--out", "peers.csv"),
        ]
    ]
    assert [r.code for r in ran] == [0, 0, 0], [r.err for r in ran]
    assert "Notat [navn fjernet] [CPR fjernet]" in (tmp_path / "map.toml").read_text("utf-8")
    assert not told(tmp_path, *ran)


@pytest.mark.parametrize("bent", ["cut", "missing", "strict", "no_code", "no_cell", "no_sheets"])
def test_no_error_message(bent: str, book: Path, tmp_path: Path) -> None:
    """Whatever is wrong with the file, and where."""
    folder = tmp_path / "ind"
    folder.mkdir()
    file, more = folder / FILE, list[object]()
    if bent == "cut":
        file.write_bytes(book.read_bytes()[:5000])
    elif bent != "missing":
        workbook = openpyxl.load_workbook(book)
        if bent == "no_code":
            for row in workbook["Kommune"]:
                row[1].value = PLANT
        if bent == "no_sheets":
            for name in ("Økonomi", f"Sager {PLANT}"):
                workbook[name].delete_rows(1, workbook[name].max_row)
                workbook[name]["A1"] = PLANT
        workbook.save(file)
        more = ["--strict"] if bent == "strict" else []
    command = ("trace", file, f"{PLANT}!A1") if bent == "no_cell" else ("review", file, *more)
    out = tmp_path / "ud"
    out.mkdir()
    ran = styring_in_process(*command, cwd=out)
    assert ran.code not in (0, 70), ran.err
    assert not told(out, ran)

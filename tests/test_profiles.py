"""The extracts of known systems: recognised by their headers and read without loss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

import build
from running import styring_in_process
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read import profiles
from styring.read.grid import Grid
from styring.read.guess import map_text
from styring.read.mapping import FILE
from styring.read.profiles import CERTAIN, Profile, load_profiles, recognised
from styring.read.workbook import Reading, read_workbook

SPEC = load_spec()
ROWS = 6
VALUES: dict[str, Callable[[int], object]] = {
    "sag_id": lambda n: f"S{n}",
    "borger_id": lambda n: f"B{n}",
    "paragraf": lambda n: ("85", "107")[n % 2],
    "startdato": lambda n: date(2024, 1, 1) + timedelta(n),
    "slutdato": lambda n: date(2025, 1, 1) + timedelta(n),
    "ansøgt_dato": lambda n: date(2023, 11, 1) + timedelta(n),
    "iværksat_dato": lambda n: date(2024, 1, 1) + timedelta(n),
    "pris": lambda n: 1000 + n,
    "enhed": lambda n: ("døgn", "måned")[n % 2],
    "antal": lambda n: 1 + n,
    "funktion": lambda _: "5.38.50",
    "år": lambda _: 2024,
    "måned": lambda n: 1 + n,
    "dranst": lambda _: "1",
    "gruppering": lambda _: "003",
    "art": lambda _: "4.0",
}
"""What stands in a column, by its canonical name and its row."""
AMOUNTS = {"oprindeligt budget": 1000, "korrigeret budget": 1100, "regnskab": 400}
by_name = {p.name: p for p in load_profiles()}
cases = [p for p in load_profiles() if p.sheet == "sager"]


def cell(profile: Profile, header: str, n: int) -> object:
    """Return what stands under a header of an extract."""
    said = profile.columns.get(header, "")
    if isinstance(said, str):
        return VALUES[said](n) if said in VALUES else f"{header} {n % 2}"
    # the rest is the corrected budget less what is spent: 1100 - 400
    return 700 if said.check else AMOUNTS[str(said.version)]


def extract(profile: Profile, *more: str) -> list[list[object]]:
    """Return a sheet with all of a system's headers, and columns a municipality has added."""
    rows: list[list[object]] = [[*profile.headers, *more]]
    rows += [
        [*(cell(profile, h, n) for h in profile.headers), *(VALUES[m](n) for m in more)]
        for n in range(ROWS)
    ]
    return rows


def lacking(profile: Profile) -> list[str]:
    """Return the needed columns of a sheet that a system's extract does not have."""
    has = set(profile.columns.values())
    return [c.name for c in SPEC["sager"].column if c.required and c.name not in has]


def book(profile: Profile, *more: str, sheet: str = "Udtræk") -> build.Book:
    """Return the small municipality with an extract in place of the sheet it is read as."""
    small = build.minimal()
    small.pop({"sager": "Sager", "oekonomi": "Økonomi"}.get(profile.sheet or "", ""), None)
    return {**small, sheet: extract(profile, *more)}


def read(folder: Path, book: build.Book) -> Reading:
    """Return a workbook read."""
    return read_workbook(build.xlsx(folder / "m.xlsx", book), SPEC)


@pytest.mark.parametrize("profile", cases, ids=lambda p: p.name)
def test_an_extract_of_cases_is_read_without_loss(profile: Profile, tmp_path: Path) -> None:
    """Every row and every known column of it, with what the system does not have added."""
    reading = read(tmp_path, book(profile, *lacking(profile)))
    account = build.account(reading, "Udtræk")
    assert (account.rows, account.accepted) == (ROWS, ROWS)
    known = {c.name: c for c in SPEC["sager"].column}
    for name in {*profile.columns.values(), *lacking(profile)}:
        column = known[str(name)]
        if name in VALUES and name != "borger_id":
            wanted = [VALUES[str(name)](n) for n in range(ROWS)]
            assert build.column(reading, "sager", column.id) == wanted, name
        assert column.id in account.columns
    told = build.note(reading, "ligner et udtræk").message.da
    of = len(profile.headers)
    assert f"udtræk fra {profile.name} ({of} af {of} overskrifter) og er læst som Sager" in told


@pytest.mark.parametrize("profile", [p for p in cases if lacking(p)], ids=lambda p: p.name)
def test_an_extract_that_lacks_a_needed_column_says_which(profile: Profile, tmp_path: Path) -> None:
    reading = read(tmp_path, book(profile))
    assert "sager" not in reading.tables.frames
    told = build.note(reading, "ligner et udtræk")
    assert (told.severity, told.sheet) == ("warning", "Udtræk")
    for name in lacking(profile):
        assert name in told.message.da


def test_a_follow_up_from_opus_is_read_without_loss(tmp_path: Path) -> None:
    reading = read(tmp_path, book(by_name["Opus"]))
    rows = reading.tables.frames["oekonomi"]
    # six rows with three amounts each: 6 · (1000 + 1100 + 400) = 15,000
    assert rows.height == 18
    assert rows["beloeb"].sum() == 15_000
    assert set(rows["version"]) == set(AMOUNTS)
    assert rows["maaned"].unique().sort().to_list() == [1, 2, 3, 4, 5, 6]
    assert "læst som Økonomi" in build.note(reading, "udtræk fra Opus").message.da


@pytest.mark.parametrize("name", ["OS2bos (betalinger)", "Prisme (finanskontoalias)"])
def test_what_is_neither_cases_nor_amounts_is_told_and_not_read(name: str, tmp_path: Path) -> None:
    reading = read(tmp_path, book(by_name[name]))
    assert "Udtræk" in reading.unread
    assert "ikke læst" in build.note(reading, f"udtræk fra {name}").message.da


def test_an_extract_under_the_sheets_own_name_is_read_too(tmp_path: Path) -> None:
    profile = by_name["DUBU (p30)"]
    reading = read(tmp_path, book(profile, sheet="Sager"))
    assert build.account(reading, "Sager").accepted == ROWS


def test_cpr_numbers_of_an_extract_never_come_out(tmp_path: Path) -> None:
    made = book(by_name["DUBU (p30)"])
    at = made["Udtræk"][0].index("CPR-nr.")
    for n, row in enumerate(made["Udtræk"][1:]):
        row[at] = f"01019{n}-1234"
    reading = read(tmp_path, made)
    assert not any("-1234" in b for b in build.column(reading, "sager", "borger_id"))
    assert len(set(build.column(reading, "sager", "borger_id"))) == ROWS


def grid(*headers: str) -> Grid:
    """Return a sheet with headers and nothing under them."""
    return Grid("x", [list(headers)])


def test_a_sheet_is_taken_as_an_extract_from_four_fifths_of_its_headers() -> None:
    headers = by_name["Prisme (finanskontoalias)"].headers
    assert CERTAIN == 0.8
    # four of five headers are 0.8, three are 0.6
    four = recognised(grid(*headers[:4], "Andet"))
    assert four is not None
    assert (four.profile.name, four.found) == ("Prisme (finanskontoalias)", 4)
    assert recognised(grid(*headers[:3], "Andet", "Mere")) is None


def test_the_template_is_no_extract() -> None:
    for sheet in SPEC.sheet:
        assert recognised(grid(*(c.name for c in sheet.column))) is None


def test_two_systems_equally_like_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    one = by_name["Sofus"]
    other = one.model_copy(update={"name": "Andet system"})
    monkeypatch.setattr(profiles, "load_profiles", lambda: (one, other))
    with pytest.raises(InputError, match="Andet system as from Sofus"):
        recognised(grid(*one.headers))


@pytest.mark.parametrize("profile", load_profiles(), ids=lambda p: p.name)
def test_a_profile_names_columns_there_are(profile: Profile) -> None:
    assert set(profile.columns) <= set(profile.headers)
    assert len(profile.headers) >= 5
    if profile.sheet:
        names = {c.name for c in SPEC[profile.sheet].column}
        assert {v for v in profile.columns.values() if isinstance(v, str)} <= names


def test_what_is_written_of_an_extract_reads_the_same(tmp_path: Path) -> None:
    profile = by_name["DUBU (p30)"]
    path = build.xlsx(tmp_path / "m.xlsx", book(profile))
    before = read_workbook(path, SPEC)
    text = map_text(path, SPEC, "da")
    assert "udtræk fra DUBU (p30)" in text
    assert '"Foranstaltningsparagraf" = "paragraf" # som i udtrækket' in text
    (tmp_path / FILE).write_text(text, "utf-8")
    after = read_workbook(path, SPEC)
    assert after.tables.frames["sager"].equals(before.tables.frames["sager"])


def test_inspect_says_what_an_extract_looks_like(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", book(by_name["Sensum"], *lacking(by_name["Sensum"])))
    ran = styring_in_process("inspect", path, cwd=tmp_path)
    assert "ligner et udtræk fra Sensum (21 af 21 overskrifter)" in ran.out

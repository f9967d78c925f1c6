"""The peers file: figures of other municipalities, read, checked and written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from styring.errors import InputError, Texts
from styring.model import Catalogue
from styring.places import place_of, places
from styring.text import guarded, unguarded

SCHEMA = {
    "kommunekode": pl.String(),
    "kommune": pl.String(),
    "periode": pl.String(),
    "indikator": pl.String(),
    "definition_version": pl.Int64(),
    "prisniveau": pl.String(),
    "refusion": pl.String(),
    "vaerdi": pl.Float64(),
    "taeller": pl.Float64(),
    "naevner": pl.Float64(),
    "partial": pl.Boolean(),
    "suppressed": pl.Boolean(),
    "kilde": pl.String(),
    "kontakt": pl.String(),
}
TITLES = {"titel": pl.String(), "enhed": pl.String()}
"""What a row may also say: the indicator's name and unit, where no definition gives them."""
COLUMNS = SCHEMA | TITLES
OPTIONAL = TITLES.keys() | {
    "taeller",
    "naevner",
    "kilde",
    "kontakt",
    "prisniveau",
    "refusion",
    "partial",
    "suppressed",
}
ROW = "raekke"
_PERIOD = r"^\d{4}(-\d{2}-\d{2})?$"
KEY = ["kommunekode", "periode", "indikator", "definition_version", "prisniveau", "refusion"]


def read_peers(path: Path, catalogue: Catalogue) -> pl.DataFrame:
    """Return a peers file (CSV, xlsx or parquet): `raekke` and the columns of `COLUMNS`.

    Raises:
        InputError: the file cannot be read, lacks a column, has a value of the wrong kind, a code
            and a name that disagree, two rows with the same key, or an indicator the catalogue
            does not have.
    """
    frame = read_context(path)
    known = {i.id for i in (*catalogue.known, *catalogue.retired)}
    unknown = sorted(set(frame["indikator"].unique()) - known)
    if unknown:
        listed = ", ".join(unknown[:10])
        raise InputError(
            Texts(
                f"Sammenligningsfilen har indikatorer, der ikke kendes: {listed}.",
                f"The peers file has unknown indicators: {listed}.",
            ),
            where=str(path),
            hint=Texts(
                "Ret navnene i kolonnen «indikator», eller byg filen igen med "
                "«styring peers build». Rammevilkår gives med --context.",
                "Mend the names in the column “indikator”, or build the file again with "
                "“styring peers build”. Framework conditions are given with --context.",
            ),
        )
    return frame


def read_context(path: Path) -> pl.DataFrame:
    """Return a file of the same columns whose indicators need not be known.

    The municipality's own rows are kept: it is placed among the others by them.

    Raises:
        InputError: as `read_peers`, but for unknown indicators.
    """
    frame = _typed(_read(path), path)
    _refuse_periods(frame, path)
    _refuse_names(frame, path)
    _refuse_twins(frame, path)
    return frame


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise InputError(
            Texts("Sammenligningsfilen findes ikke.", "There is no such peers file."),
            where=str(path),
        )
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path).drop(ROW, strict=False).with_row_index(ROW, 2)
        return _from_cells(path)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise InputError(
            Texts(
                f"Sammenligningsfilen kan ikke læses: {str(error).splitlines()[0]}",
                f"The peers file cannot be read: {str(error).splitlines()[0]}",
            ),
            where=str(path),
        ) from error


def _from_cells(path: Path) -> pl.DataFrame:
    """Return the rows of a sheet or a CSV file as texts, with their numbers; blank ones are not."""
    from styring.read.grid import csv_grid, read_grids  # noqa: PLC0415 - not for parquet

    excel = path.suffix.lower() in (".xlsx", ".xlsm")
    grid = read_grids(path)[0] if excel else csv_grid(path)
    if not grid.rows:
        raise InputError(
            Texts("Sammenligningsfilen er tom.", "The peers file is empty."), where=str(path)
        )
    names = [_plain(c) for c in grid.rows[0]]
    _refuse_ragged(grid.lengths, path)
    _refuse_two_of_a_name(names, path)
    rows = {n: r for n, r in enumerate(grid.rows[1:], 2) if any(c not in ("", None) for c in r)}
    columns = {
        n: [unguarded(_plain(r[i])) for r in rows.values()] for i, n in enumerate(names) if n != ROW
    }
    texts = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
    return texts.with_columns(pl.Series(ROW, list(rows), pl.UInt32()))


def _refuse_ragged(lengths: Sequence[int], path: Path) -> None:
    for row, length in enumerate(lengths, 1):
        if length not in (0, lengths[0]):
            raise InputError(
                Texts(
                    f"Rækken har {length} celler, og kolonneoverskrifterne er {lengths[0]}.",
                    f"The row has {length} cells, and there are {lengths[0]} column headers.",
                ),
                where=Texts(f"{path}, række {row}", f"{path}, row {row}"),
                hint=Texts(
                    "Ret rækken; et komma i et tal eller en tekst kræver anførselstegn.",
                    "Mend the row; a comma in a number or a text needs quotation marks.",
                ),
            )


def _refuse_two_of_a_name(names: Sequence[str], path: Path) -> None:
    for name in names:
        if name and names.count(name) > 1:
            raise InputError(
                Texts(
                    f"Kolonnen «{name}» er der to gange.", f"The column “{name}” is there twice."
                ),
                where=str(path),
                hint=Texts("Slet den ene.", "Delete one of them."),
            )


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _typed(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    plain = {c: c.strip().lower() for c in frame.columns}
    _refuse_two_of_a_name(list(plain.values()), path)
    frame = frame.rename(plain)
    missing = [c for c in SCHEMA if c not in frame.columns and c not in OPTIONAL]
    if missing:
        listed = ", ".join(missing)
        raise InputError(
            Texts(
                f"Sammenligningsfilen mangler kolonnerne {listed}.",
                f"The peers file lacks the columns {listed}.",
            ),
            where=str(path),
            hint=Texts(
                f"Kolonnerne er {', '.join(SCHEMA)}.", f"The columns are {', '.join(SCHEMA)}."
            ),
        )
    full = frame.with_columns(
        pl.lit(None, pl.String()).alias(c) for c in COLUMNS if c not in frame.columns
    )
    for column in ("kommunekode", "kommune", "indikator", "definition_version"):
        blank = full.filter(pl.col(column).cast(pl.String()).str.strip_chars().fill_null("") == "")
        if blank.height:
            raise InputError(
                Texts(f"Kolonnen «{column}» er tom.", f"The column “{column}” is blank."),
                where=Texts(
                    f"{path}, {column}, række {blank[ROW][0]}",
                    f"{path}, {column}, row {blank[ROW][0]}",
                ),
                hint=Texts("Udfyld den, eller slet rækken.", "Fill it in, or delete the row."),
            )
    typed = full.with_columns(_cast(c, full.schema[c], d).alias(c) for c, d in COLUMNS.items())
    for column, dtype in SCHEMA.items():
        if dtype == pl.String():
            continue
        text = pl.col(column).cast(pl.String()).str.strip_chars()
        bad = full.filter(text.is_not_null() & (text != "") & typed[column].is_null())
        if bad.height:
            raise InputError(
                Texts(
                    f"«{bad[column][0]}» i kolonnen «{column}» er ikke et gyldigt tal.",
                    f"“{bad[column][0]}” in the column “{column}” is not a valid number.",
                ),
                where=Texts(
                    f"{path}, {column}, række {bad['raekke'][0]}",
                    f"{path}, {column}, row {bad['raekke'][0]}",
                ),
                hint=Texts(
                    "Skriv tal med punktum eller komma som decimaltegn og uden tusindtal.",
                    "Write numbers with a decimal point or comma and no thousands mark.",
                ),
            )
    return typed.with_columns(
        pl.col("kommunekode").str.zfill(3),
        pl.col("partial", "suppressed").fill_null(value=False),
    ).select("raekke", *COLUMNS)


def _cast(column: str, given: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    """Return a column in its type; a decimal comma is a decimal mark."""
    value = pl.col(column)
    if given != pl.String():
        plain = value.cast(wanted, strict=False)
        return pl.when(plain.is_finite()).then(plain) if wanted == pl.Float64() else plain
    text = pl.when(value.str.strip_chars() != "").then(value.str.strip_chars())
    if wanted == pl.Boolean():
        low = text.str.to_lowercase()
        return (
            pl.when(low.is_in(["true", "1", "ja", "sand"]))
            .then(True)
            .when(low.is_in(["false", "0", "nej", "falsk"]))
            .then(False)
        )
    if wanted == pl.String():
        return text
    number = text.str.replace(",", ".", literal=True).cast(wanted, strict=False)
    return pl.when(number.is_finite()).then(number) if wanted == pl.Float64() else number


def _refuse_periods(frame: pl.DataFrame, path: Path) -> None:
    known = pl.col("periode").str.contains(_PERIOD) & (
        pl.col("periode").str.len_chars().eq(4)
        | pl.col("periode").str.to_date("%Y-%m-%d", strict=False).is_not_null()
    )
    bad = frame.filter(~known.fill_null(value=False))
    if bad.height:
        text, row = bad["periode"][0] or "", bad["raekke"][0]
        raise InputError(
            Texts(
                f"«{text}» er hverken et år eller en dato.",
                f"“{text}” is neither a year nor a date.",
            ),
            where=Texts(f"{path}, periode, række {row}", f"{path}, periode, row {row}"),
            hint=Texts(
                "Skriv 2024 for et år eller 2025-09-30 for en tilstand.",
                "Write 2024 for a year or 2025-09-30 for a state.",
            ),
        )


def _refuse_names(frame: pl.DataFrame, path: Path) -> None:
    """Refuse a municipality's code beside another's name; codes that are none's are let be."""
    known = places()
    for row, code, name in frame.select("raekke", "kommunekode", "kommune").iter_rows():
        meant = place_of(name or "")
        if code in known and meant is not None and meant.code != code:
            raise InputError(
                Texts(
                    f"Koden {code} er {known[code].name}, men navnet er «{name}».",
                    f"The code {code} is {known[code].name}, but the name is “{name}”.",
                ),
                where=Texts(f"{path}, række {row}", f"{path}, row {row}"),
                hint=Texts("Ret koden eller navnet.", "Mend the code or the name."),
            )


def _refuse_twins(frame: pl.DataFrame, path: Path) -> None:
    twins = frame.filter(pl.struct(KEY).is_duplicated()).sort("kommunekode", "indikator", "periode")
    if twins.height:
        first = twins.row(0, named=True)
        raise InputError(
            Texts(
                f"Sammenligningsfilen har to rækker for {first['kommune']}, {first['indikator']}, "
                f"{first['periode']}.",
                f"The peers file has two rows for {first['kommune']}, {first['indikator']}, "
                f"{first['periode']}.",
            ),
            where=Texts(
                f"{path}, række {twins['raekke'][0]} og {twins['raekke'][1]}",
                f"{path}, rows {twins['raekke'][0]} and {twins['raekke'][1]}",
            ),
            hint=Texts("Slet den ene række.", "Delete one of the rows."),
        )


def to_frame(rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    """Return rows in the order of `SCHEMA` as a frame, sorted by municipality and indicator."""
    frame = pl.DataFrame(list(rows), schema=SCHEMA, orient="row")
    return frame.sort("kommunekode", "indikator", "periode", maintain_order=True)


def to_bytes(frame: pl.DataFrame, path: Path) -> bytes:
    """Return the frame as a file of the path's kind: parquet, else CSV with commas and points."""
    out = io.BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(out)
    else:
        texts = pl.col(pl.String()).map_elements(guarded, return_dtype=pl.String())
        frame.with_columns(texts).write_csv(out, line_terminator="\n")
    return out.getvalue()

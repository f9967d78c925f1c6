"""The peers file: figures of other municipalities, read, checked and written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from styring.errors import InputError, Texts
from styring.model import Catalogue

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
OPTIONAL = {
    "taeller",
    "naevner",
    "kilde",
    "kontakt",
    "prisniveau",
    "refusion",
    "partial",
    "suppressed",
}
_PERIOD = r"^\d{4}(-\d{2}-\d{2})?$"
KEY = ["kommunekode", "periode", "indikator", "definition_version", "prisniveau", "refusion"]


def read_peers(path: Path, catalogue: Catalogue) -> pl.DataFrame:
    """Return a peers file (CSV, xlsx or parquet) with the columns of `SCHEMA`.

    Raises:
        InputError: the file cannot be read, lacks a column, has a value of the wrong kind, two rows
            with the same key, or an indicator the catalogue does not have.
    """
    frame = _typed(_read(path), path)
    _refuse_periods(frame, path)
    _refuse_twins(frame, path)
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
                "«styring peers build».",
                "Mend the names in the column “indikator”, or build the file again with "
                "“styring peers build”.",
            ),
        )
    return frame


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise InputError(
            Texts("Sammenligningsfilen findes ikke.", "There is no such peers file."),
            where=str(path),
        )
    try:
        match path.suffix.lower():
            case ".parquet":
                return pl.read_parquet(path)
            case ".xlsx" | ".xlsm":
                return _read_sheet(path)
            case _:
                head = path.read_text("utf-8-sig", errors="replace").partition("\n")[0]
                mark = ";" if head.count(";") > head.count(",") else ","
                return pl.read_csv(
                    path, separator=mark, infer_schema=False, encoding="utf8", decimal_comma=False
                )
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise InputError(
            Texts(
                f"Sammenligningsfilen kan ikke læses: {str(error).splitlines()[0]}",
                f"The peers file cannot be read: {str(error).splitlines()[0]}",
            ),
            where=str(path),
        ) from error


def _read_sheet(path: Path) -> pl.DataFrame:
    from styring.read.grid import read_grids  # noqa: PLC0415 - only for a peers file in Excel

    rows = read_grids(path)[0].rows
    names = [str(c) for c in rows[0]]
    return pl.DataFrame(
        {n: ["" if r[i] is None else _plain(r[i]) for r in rows[1:]] for i, n in enumerate(names)},
        schema=dict.fromkeys(names, pl.String()),
    )


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _typed(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    frame = frame.rename({c: c.strip().lower() for c in frame.columns})
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
        pl.lit(None, pl.String()).alias(c) for c in SCHEMA if c not in frame.columns
    ).with_row_index("raekke", 2)
    typed = full.with_columns(_cast(c, full.schema[c], d).alias(c) for c, d in SCHEMA.items())
    for column, dtype in SCHEMA.items():
        if dtype == pl.String() or full.schema[column] != pl.String():
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
    ).select("raekke", *SCHEMA)


def _cast(column: str, given: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    """Return a column in its type; a decimal comma is a decimal mark."""
    value = pl.col(column)
    if given != pl.String():
        return value.cast(wanted, strict=False)
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
        frame.write_csv(out, line_terminator="\n")
    return out.getvalue()

"""The accounts made ready: refunds told apart, versions derived, what had been booked by when."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from styring import text
from styring.errors import LANGS, Texts
from styring.facts import Account
from styring.tables import Municipality, Note
from styring.text import counted_texts, listed

BUDGETS = (
    "oprindeligt budget",
    "tillægsbevilling",
    "omplacering",
    "overførsel",
    "korrigeret budget",
)
PARTS_OF_CORRECTED = BUDGETS[:4]
REFUND_FUNCTION = "5.22.07"
TWELFTHS = 12
"""Amounts are carried in øre × 12, so that a share of the year's months stays a whole number."""
AMOUNT_SCALE = 100 * TWELFTHS


def is_refund() -> pl.Expr:
    """Return whether a row is the central refund: dranst 2, function 5.22.07 or art 8.6."""
    art = pl.col("art").str.to_lowercase()
    return pl.any_horizontal(
        pl.col("dranst").eq("2").fill_null(value=False),
        pl.col("funktion").eq(REFUND_FUNCTION).fill_null(value=False),
        art.eq("8.6").fill_null(value=False),
        art.str.contains("refusion", literal=True).fill_null(value=False),
    )


def paragraph_of(accounts: Sequence[Account]) -> pl.Expr:
    """Return the paragraph a row's function holds, by grouping where the chart splits it."""
    by_grouping = {f"{a.funktion}/{g}": p for a in accounts for g, p in a.groupings.items()}
    main = {a.funktion: a.main for a in accounts if a.main}
    grouping = pl.col("gruppering").str.zfill(3)
    key = pl.concat_str("funktion", grouping, separator="/")
    return pl.coalesce(
        key.replace_strict(by_grouping, default=None, return_dtype=pl.String()),
        pl.col("funktion").replace_strict(main, default=None, return_dtype=pl.String()),
    )


def prepare(
    ledger: pl.DataFrame, accounts: Sequence[Account], who: Municipality
) -> tuple[pl.DataFrame, list[Note]]:
    """Return the ledger as it was known on the as-of date, derived versions added.

    Returns:
        The ledger's columns and `beloeb_exact` (Int64, øre × 12), `refusion` and `udledt` Boolean,
        `paragraf` String; and the notes.
    """
    exact = (pl.col("beloeb") * 100).round(mode="half_away_from_zero").cast(pl.Int64())
    later = (
        (pl.col("aar") == who.accounting_year)
        & (pl.col("maaned") > who.ended_months)
        & (pl.col("version") == "regnskab")
    ) | (pl.col("opfoelgning") > who.as_of)
    rows = ledger.with_columns(
        beloeb_exact=exact * TWELFTHS,
        refusion=is_refund(),
        udledt=pl.lit(value=False),
        paragraf=paragraph_of(accounts),
    )
    if rows.is_empty():
        return rows, []
    dropped = rows.filter(later.fill_null(value=False) | (pl.col("aar") > who.accounting_year))
    rows = rows.filter(~later.fill_null(value=False) & (pl.col("aar") <= who.accounting_year))
    notes = [_later_note(dropped)] if dropped.height else []
    rows, older = _latest_only(rows)
    notes += [_older_note(older)] if older.height else []
    rows, unmade = _made_only(rows)
    notes += [_unmade_note(unmade)] if unmade.height else []
    derived, derived_notes = derive_versions(rows)
    return pl.concat([rows, derived]), [*notes, *derived_notes, *_twice_notes(rows)]


def _latest_only(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the ledger with one state of each year's budget and accounts, and the older states.

    Only a forecast is kept at each follow-up. Of another version, rows without a date stand; where
    all of them have one, those of the latest.
    """
    of = ("aar", "version")
    dated = pl.col("opfoelgning").is_not_null() & (pl.col("version") != "forventet regnskab")
    plain = pl.col("opfoelgning").is_null().any().over(of)
    old = dated & (plain | (pl.col("opfoelgning") < pl.col("opfoelgning").max().over(of)))
    if not rows.select(dated.any()).item():
        return rows, rows.clear()
    when = pl.when(~dated).then("opfoelgning")
    return rows.filter(~old).with_columns(opfoelgning=when), rows.filter(old)


def _older_note(older: pl.DataFrame) -> Note:
    said = counted_texts(older.height, ("række", "rækker"), ("row", "rows"))
    versions = ", ".join(sorted(set(older["version"])))
    return Note(
        "warning",
        Texts(
            f"{said.da} ({versions}) er ældre opgørelser af det samme. Den seneste er brugt.",
            f"{said.en} ({versions}): older states of the same. The latest is used.",
        ),
        "oekonomi",
        column="opfoelgning",
    )


def _made_only(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the ledger without the forecasts that were not made yet, and those.

    Follow-up sheets hold 0, not blanks, for the estimates that come later in the year.
    """
    nothing = (pl.col("beloeb_exact") == 0).all().over("aar", "version", "opfoelgning")
    unmade = (pl.col("version") == "forventet regnskab") & nothing
    if not rows.select(unmade.any()).item():
        return rows, rows.clear()
    return rows.filter(~unmade), rows.filter(unmade)


def _unmade_note(unmade: pl.DataFrame) -> Note:
    days = [day for day in unmade["opfoelgning"].unique().sort() if day]
    when = Texts(*(listed([text.day(d, lang) for d in days], lang) for lang in LANGS))
    of = Texts(f" ({when.da})", f" ({when.en})") if days else when
    return Note(
        "info",
        Texts(
            f"En prognose{of.da} er 0 på alle funktioner og regnes for ikke lavet endnu.",
            f"A forecast{of.en} is 0 on every function and taken as not made yet.",
        ),
        "oekonomi",
        column="version",
    )


def derive_versions(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Note]]:
    """Return the rows that the years lack: corrected budget, or supplementary grant, per function.

    Per year: without *korrigeret budget* it is the sum of its parts; without *tillægsbevilling* it
    is korrigeret − oprindeligt (less omplacering and overførsel).
    """
    has = rows.group_by("aar").agg(
        corrected=(pl.col("version") == "korrigeret budget").any(),
        original=(pl.col("version") == "oprindeligt budget").any(),
        extra=(pl.col("version") == "tillægsbevilling").any(),
    )
    no_corrected = has.filter(~pl.col("corrected") & pl.col("original"))["aar"].sort()
    no_extra = has.filter(pl.col("corrected") & pl.col("original") & ~pl.col("extra"))["aar"].sort()
    sign = pl.when(pl.col("version") == "korrigeret budget").then(1).otherwise(-1)
    corrected = rows.filter(
        pl.col("aar").is_in(no_corrected.implode())
        & pl.col("version").is_in(list(PARTS_OF_CORRECTED))
    ).with_columns(version=pl.lit("korrigeret budget"), udledt=pl.lit(value=True))
    extra = rows.filter(
        pl.col("aar").is_in(no_extra.implode()) & pl.col("version").is_in(list(BUDGETS))
    ).with_columns(
        beloeb=pl.col("beloeb") * sign,
        beloeb_exact=pl.col("beloeb_exact") * sign,
        version=pl.lit("tillægsbevilling"),
        udledt=pl.lit(value=True),
    )
    notes = [
        _derived_note(
            no_corrected,
            "korrigeret budget",
            "oprindeligt budget og ændringerne",
            "corrected budget",
            "the original budget and the changes",
        ),
        _derived_note(
            no_extra,
            "tillægsbevilling",
            "korrigeret minus oprindeligt budget",
            "supplementary grant",
            "corrected less original budget",
        ),
    ]
    return pl.concat([corrected, extra]), [n for n in notes if n]


def _derived_note(years: pl.Series, what: str, how: str, what_en: str, how_en: str) -> Note | None:
    if years.is_empty():
        return None
    span = ", ".join(str(y) for y in years)
    return Note(
        "info",
        Texts(
            f"{what.capitalize()} står ikke for {span}; det er regnet ud som {how}.",
            f"No {what_en} for {span}; it is computed as {how_en}.",
        ),
        "oekonomi",
        column="version",
    )


def _later_note(dropped: pl.DataFrame) -> Note:
    said = counted_texts(
        dropped.height, ("række ligger", "rækker ligger"), ("row lies", "rows lie")
    )
    return Note(
        "info",
        Texts(
            f"{said.da} efter opgørelsesdatoen og er holdt ude.",
            f"{said.en} after the as-of date and left out.",
        ),
        "oekonomi",
    )


def _twice_notes(rows: pl.DataFrame) -> list[Note]:
    """Return a warning for each year and version with whole-year and monthly rows of a function."""
    both = (
        rows.group_by("aar", "version", "funktion")
        .agg(
            whole=(pl.col("maaned").is_null() & pl.col("opfoelgning").is_null()).any(),
            month=pl.col("maaned").is_not_null().any(),
        )
        .filter(pl.col("whole") & pl.col("month"))
        .group_by("aar", "version")
        .agg(pl.col("funktion").sort())
        .sort("aar", "version")
    )
    return [
        Note(
            "warning",
            Texts(
                f"{version} {year} har både hele år og måneder for {', '.join(functions)}. "
                "Begge er lagt sammen. Er det samme penge?",
                f"{version} {year} has both whole-year and monthly rows for "
                f"{', '.join(functions)}. Both are added. Is it the same money?",
            ),
            "oekonomi",
            column="beloeb",
        )
        for year, version, functions in both.iter_rows()
    ]

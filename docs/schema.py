"""Write the JSON Schema of a definition file, for editors. Run: python docs/schema.py.

The keys and types are those of `Indicator`; what a key is for stands in `KEYS` below. Editors for
TOML know draft 7 best, where what stands beside a `$ref` is not read: texts are written out, and
other parts are wrapped in `allOf`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from styring.definitions import load_facts
from styring.model import Absence, Indicator

FILE = Path(__file__).parents[1] / "src" / "styring" / "data" / "indicator.schema.json"
TITLE = "Indicator definition of styring"
SPOKEN = frozenset({"owner", "source"})
"""Texts that may be one string where both languages read the same."""
REF = "#/definitions/"

KEYS: Mapping[str, Mapping[str, str]] = {
    "Indicator": {
        "id": "The stable name, as the file. Lower case, digits and hyphens; one's own ids have a "
        "namespace: `kommune.my-id`. Never used again for another figure.",
        "version": "Counts up when the figures change; each version has a [[change]].",
        "status": "core: in every review. supplementary: with --set all. retired: kept for old "
        "files, not measured.",
        "replaced_by": "The id that took the place of a retired figure.",
        "owner": "Who answers for the definition.",
        "valid_from": "The first day the definition applies, as 2026-01-31.",
        "valid_to": "The last day the definition applies.",
        "centre": "The steering centre whose part of the report shows the figure.",
        "dimension": "The group of the report the figure stands in.",
        "unit": "How the figure is shown; the shelf of units is src/styring/data/facts.toml.",
        "better": "Which way is good. context: compared and explained, never given points.",
        "title": "The name in reports: a capital first, no full stop.",
        "question": "The question the figure answers.",
        "description": "What is counted, divided by what.",
        "rationale": "Why the figure matters.",
        "reading": "How to read a high and a low figure.",
        "missing": "What happens to rows and years that are not reported.",
        "numerator": "The numerator in words, and where its rows come from.",
        "denominator": "The denominator in words, and where its rows come from.",
        "value_type": "The kind of figure; it follows from form and unit and decides the interval.",
        "materiality": "The smallest difference worth talking about, as the figure is computed "
        "(0.02 for two percentage points).",
        "read_with": "Ids of figures to be read together with this one.",
        "change": "The versions, oldest first.",
        "source": "Where the definition comes from.",
        "value": "How the figure is computed.",
        "test": "Worked cases, last in the file: the normal, a zero denominator, the missing and "
        "each threshold.",
        "kind": "figure: computed from tables. practice: the answers to a statement.",
        "statement": "The wording that is rated 1 to 5.",
        "levels": "What a rating of 1, 3 and 5 means.",
        "aliases": "Other names the figure is found by.",
        "weight": "How much the points count in the mean of a dimension.",
        "scoring": "Ways to give points; the first that can be used counts.",
        "target": 'The goal with better = "target".',
        "tolerance": "How far from the target the goal is still met.",
        "interval": "The interval of uncertainty that fits the value_type.",
        "decimals": "Decimals shown, where they are not those of the unit.",
        "price_basis": "løbende: each year's prices. faste: one year's prices.",
        "refund": "før or efter: before or after the central refund.",
        "age_group": "The ages of the citizens: alle, 18-64 or 65+.",
        "min_count": "Citizens below which the figure is withheld; it raises the floor of five.",
        "least": "The smallest denominator a figure is given for.",
        "by": "A column the figure is split by, e.g. paragraf.",
        "headline": "The year the report leads with: the last finished or the current one.",
        "at_stake": "An aggregate in kroner the finding is about.",
        "caveat": "What this very figure cannot carry.",
        "law": "Provisions as they stand on the shelf of facts.",
        "finding": "What the report says, by outcome.",
    },
    "Side": {
        "what": "What is counted.",
        "source": "The sheet and the system its rows come from.",
    },
    "Change": {
        "version": "The version this line is about.",
        "date": "The day it took effect.",
        "what": "What changed, and what that does to the figures.",
    },
    "Value": {
        "form": "amount: the numerator alone. ratio: numerator / denominator. relative: "
        "(numerator - denominator) / denominator. growth: as relative, the denominator with lag.",
        "numerator": "The aggregate above the line.",
        "denominator": 'The aggregate below the line; none with form = "amount".',
        "multiplier": "What the figure is multiplied by, e.g. 1000 inhabitants.",
        "deflate": "Kroner of all years in the prices of one, by the sheet Prisindeks.",
        "common": "A column: only groups both sides have are counted.",
        "over": "A column, or aar for years: the figure is computed for each, then reduced.",
        "window": "How many years reduce looks back over.",
        "reduce": "How the figures of over become one.",
        "limit": 'The limit of reduce = "count_at_most".',
        "current_only": "Only the current year has a figure.",
    },
    "Aggregate": {
        "from": "The table: a sheet, or cases, citizen_years or goals.",
        "sum": "The column that is added up, or several.",
        "count_unique": "The column whose different values are counted.",
        "mean": "The column whose mean is taken.",
        "median": "The column whose median is taken.",
        "quantile": "The column and the share below.",
        "median_time": "The time by which half have ended.",
        "aggregate": "count: rows. person_years, person_days: time in the period.",
        "where": "A condition on the row's own columns, e.g. paragraf = '108' AND alder >= 18.",
        "period": "year: to the as-of date. whole_year: the calendar year. to_date: to the last "
        "ended month, in every year. as_of: the state on the day.",
        "period_by": "A date column that places a row in a year.",
        "lag": "How many years back.",
        "age": "Inhabitants of these ages, both included: [18, 64].",
        "minus": "An aggregate that is subtracted.",
        "scale": "A ratio it is multiplied by.",
    },
    "Scale": {
        "numerator": "The whole.",
        "denominator": "The part it was seen in.",
    },
    "Quantile": {
        "of": "The column.",
        "p": "The share of rows below, between 0 and 1.",
    },
    "MedianTime": {
        "of": "The column with the time that has passed.",
        "ended": "The column that says whether it has ended.",
        "seen_from": "The column with what had passed before anybody looked.",
    },
    "Goalposts": {
        "method": "A straight line between two values.",
        "worst": "The figure that gives 0 points.",
        "best": "The figure that gives 100 points.",
    },
    "ByPeers": {"method": "The share of peers that do worse."},
    "ByTarget": {
        "method": "Distance to the municipality's own goal.",
        "reach": "The distance from the goal that gives 0 points.",
    },
    "Maturity": {"method": "The mean rating of a practice: (mean - 1) / 4."},
    "Findings": {
        "weak": "What is said of a low score.",
        "strong": "What is said of a high score.",
        "attention": "What is said of a context figure that stands out.",
    },
    "FindingText": {
        "observation": "What the figures show. Placeholders: {vaerdi}, {periode}, {median} and "
        "others; a line whose figures are not all known is left out.",
        "question": "What to ask. No blame.",
        "recommendation": "What to do.",
        "first_step": "Who does what first.",
        "effort": "How much work it is.",
        "lead": "The centre that leads.",
        "join": "The centres that take part.",
        "deadline_days": "By when.",
        "target": "The figure the plan aims for, where it is not the goal of the figure.",
        "beyond_peers": "Attention where the figure is beyond the quartiles of the peers.",
        "above": "Attention above this figure.",
        "below": "Attention below this figure.",
        "growth_above": "Attention where the figure grew by more than this share.",
    },
    "IndicatorTest": {
        "name": "What the case shows.",
        "tables": "Rows by table: tables.sager = [{ … }].",
        "expect": "The figure by year or group, or why there is none.",
        "as_of": "The as-of date of the case.",
        "first_year": "The first year the workbook has.",
    },
}  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the schema of a definition file."""
    raw = Indicator.model_json_schema(by_alias=True)
    parts = {name: _model(name, part) for name, part in raw["$defs"].items() if name != "Texts"}
    whole = _model("Indicator", raw)
    _shelves(whole["properties"])
    expect = parts["IndicatorTest"]["properties"]["expect"]
    expect["additionalProperties"] = {"anyOf": [{"type": "number"}, {"enum": list(_absences())}]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        **whole,
        "definitions": parts,
    }


def text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _absences() -> tuple[str, ...]:
    return get_args(Absence)


def _shelves(keys: dict[str, Any]) -> None:
    """Name what stands on the shelf of facts, so that an editor can offer it."""
    facts = load_facts()
    keys["unit"]["enum"] = [u.id for u in facts.unit]
    keys["dimension"]["enum"] = [d.id for d in facts.dimension]
    laws = [*(p.law for p in facts.paragraph), *(x.id for x in facts.law)]
    keys["law"]["items"] = {"type": "string", "enum": list(dict.fromkeys(laws))}


def _model(name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of one model, each key with what it is for."""
    said = KEYS[name]
    keys = {key: _key(key, part, said[key]) for key, part in raw["properties"].items()}
    return {
        "description": _flowing(raw["description"]),
        "type": "object",
        "properties": keys,
        "required": raw.get("required", []),
        "additionalProperties": False,
    }


def _key(name: str, raw: Mapping[str, Any], description: str) -> dict[str, Any]:
    part = _type(raw)
    if part == {"$ref": f"{REF}Texts"}:
        texts: dict[str, Any] = _texts(description)
        both = [_texts(description), {"type": "string", "description": description}]
        return {"description": description, "anyOf": both} if name in SPOKEN else texts
    if part.get("additionalProperties") == {"$ref": f"{REF}Texts"}:
        keys = part["propertyNames"]["enum"]
        part = {
            "type": "object",
            "properties": {k: _texts(description) for k in keys},
            "additionalProperties": False,
        }
    if "$ref" in part:
        part = {"allOf": [part]}
    return {"description": description, **part}


def _texts(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": {
            "da": {"description": f"In Danish. {description}", "type": "string"},
            "en": {"description": f"In English. {description}", "type": "string"},
        },
        "required": ["da", "en"],
        "additionalProperties": False,
    }


def _type(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a type without what TOML has no word for: null, titles, defaults that are tables."""
    kept = {k: v for k, v in raw.items() if k not in {"title", "discriminator", "default"}}
    if isinstance(raw.get("default"), str | int | float):
        kept["default"] = raw["default"]
    for way in ("anyOf", "oneOf"):
        if way in kept:
            ways = [_type(x) for x in kept.pop(way) if x.get("type") != "null"]
            kept |= ways[0] if len(ways) == 1 else {way: ways}
    if "prefixItems" in kept:
        kept["items"] = kept.pop("prefixItems")[0]
    if isinstance(kept.get("items"), dict):
        kept["items"] = _type(kept["items"])
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = _type(kept["additionalProperties"])
    if kept.get("$ref") == "#/$defs/Texts":
        return {"$ref": f"{REF}Texts"}
    if "$ref" in kept:
        kept["$ref"] = kept["$ref"].replace("#/$defs/", REF)
    return kept


def _flowing(docstring: str) -> str:
    """Return a docstring with its lines joined, paragraphs kept."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", docstring)


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8", newline="\n")
    print(FILE)

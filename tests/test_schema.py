"""The JSON Schema of a definition file: what editors check while an author writes."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import pytest
import tomli
from jsonschema import Draft7Validator

from running import python_says, styring_in_process
from styring.definitions import definition_files, desk, load_facts
from styring.model import Indicator

ROOT = Path(__file__).resolve().parents[1]
BASE = Path(__file__).parent / "lints" / "base"
SHIPPED = definition_files(desk("indicators"))


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_schema", ROOT / "docs" / "schema.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


MADE = _script()
SCHEMA: dict[str, Any] = json.loads(MADE.FILE.read_text("utf-8"))
VALID = Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)


def as_json(text: str) -> Any:
    """Return a TOML text as an editor hands it to a schema: dates as text."""
    return json.loads(json.dumps(tomli.loads(text), default=str))


def refused(text: str) -> list[str]:
    """Return what the schema says against a definition."""
    return sorted(e.message for e in VALID.iter_errors(as_json(text)))


def test_the_schema_is_what_the_models_say() -> None:
    """Made again with `python docs/schema.py`."""
    assert MADE.FILE.read_text("utf-8") == MADE.text()


def test_the_schema_is_a_schema() -> None:
    """Of the draft that editors for TOML know; every reference leads somewhere, nothing is null."""
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(SCHEMA)
    parts = {f"#/definitions/{name}" for name in SCHEMA["definitions"]}
    assert {d["$ref"] for d in parts_of(SCHEMA) if "$ref" in d} == parts
    assert all(d.get("type") != "null" for d in parts_of(SCHEMA))


def parts_of(node: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a schema."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts_of(value)


def test_every_key_says_what_it_is_for() -> None:
    """In English; no key is described that is not there."""
    assert set(SCHEMA["definitions"]) | {"Indicator"} == set(MADE.KEYS)
    for name, part in {**SCHEMA["definitions"], "Indicator": SCHEMA}.items():
        assert part["description"]
        assert part["additionalProperties"] is False
        assert set(part["properties"]) == set(MADE.KEYS[name])
        for key in part["properties"].values():
            assert key["description"].strip()
    assert list(SCHEMA["properties"]) == list(Indicator.model_fields)


def test_what_stands_on_the_shelves_is_offered() -> None:
    """Units, dimensions and laws; ids of other figures are free, for a catalogue of one's own."""
    keys, facts = SCHEMA["properties"], load_facts()
    assert keys["unit"]["enum"] == [u.id for u in facts.unit]
    assert keys["dimension"]["enum"] == [d.id for d in facts.dimension]
    assert {x.id for x in facts.law} < set(keys["law"]["items"]["enum"])
    assert "enum" not in keys["read_with"]["items"]


@pytest.mark.parametrize("file", [*SHIPPED, *definition_files(BASE)], ids=lambda f: f.stem)
def test_every_definition_is_valid(file: Path) -> None:
    """Those that come with styring, and those the rules are tried on."""
    assert refused(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 1", "weigth = 1", "'weigth' was unexpected"),
        ("weight = 1", 'weight = "1"', "'1' is not of type 'number'"),
        ("weight = 1", "weight = -1", "-1 is less than the minimum of 0"),
        ("version = 2", "version = 2.5", "2.5 is not of type 'integer'"),
        ('better = "higher"', 'better = "big"', "'big' is not one of"),
        ('better = "higher"', "", "'better' is a required property"),
        ('unit = "procent"', 'unit = "promille"', "'promille' is not one of"),
        ('dimension = "faglig"', 'dimension = "penge"', "'penge' is not one of"),
        ("Serviceloven § 148", "Serviceloven § 999", "'Serviceloven § 999' is not one of"),
        ('law = ["Serviceloven § 148"]', 'law = "Serviceloven § 148"', "is not of type 'array'"),
        ('id = "proeve.andel"', 'id = "Proeve Andel"', "does not match"),
        ("valid_from = 2018-01-01", 'valid_from = "i år"', "'i år' is not a 'date'"),
        ('en = "Share followed up"', "", "'en' is a required property"),
        ('en = "Share followed up"', 'en = "Share"\nde = "Anteil"', "'de' was unexpected"),
        ("[value.numerator]", "[value.numerator]\nform = 1", "'form' was unexpected"),
        ("[value.numerator]", "[value.numerator]\nlag = 11", "11 is greater than the maximum"),
        ("[value.numerator]", "[value.numerator]\nage = [18]", "[18] is too short"),
        ("[[test]]", '[[test]]\nlevel = "x"', "'level' was unexpected"),
        ("expect = {", 'expect = { "2001" = "unknown",', "is not valid under any of the given"),
        ("[finding.weak]", "[finding.weka]", "'weka' was unexpected"),
        ("[finding.weak]", "[finding.weak]\ndeadline_days = 10", "10 is not one of"),
        ("[[scoring]]", '[[scoring]]\nreach = "x"', "is not valid under any of the given schemas"),
    ],
)
def test_a_mistake_is_refused(old: str, new: str, said: str) -> None:
    """Unknown keys at every depth, wrong types, words that are not allowed, what is missing."""
    text = (BASE / "andel.toml").read_text("utf-8")
    assert old in text
    found = refused(text.replace(old, new, 1))
    assert [m for m in found if said in m], found


def test_a_text_that_reads_the_same_in_both_languages_may_be_one() -> None:
    """A source and an owner; no other text."""
    text = (BASE / "andel.toml").read_text("utf-8")
    source = next(line for line in text.splitlines() if line.startswith("source = "))
    assert refused(text.replace(source, 'source = "KL"\nowner = "KL"')) == []
    found = [e.message for e in VALID.iter_errors({**as_json(text), "title": "KL"})]
    assert found == ["'KL' is not of type 'object'"]


def test_the_command_prints_the_schema(tmp_path: Path) -> None:
    """As it is shipped, and without the libraries a check needs."""
    ran = styring_in_process("check", "--schema", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, MADE.FILE.read_text("utf-8"), "")
    script = (
        "import os, sys\n"
        "leave = os._exit\n"
        "os._exit = lambda code: (print([m for m in ('polars', 'jinja2') if m in sys.modules],"
        " file=sys.stderr, flush=True), leave(code))\n"
        "sys.argv = ['styring', 'check', '--schema']\n"
        "from styring.cli import main\n"
        "main()\n"
    )
    light = python_says(script, cwd=tmp_path)
    assert (light.code, light.err) == (0, "[]\n")


def test_editors_are_told_which_files_are_definitions() -> None:
    """Every definition that comes with styring and no other file of the folder."""
    (rule,) = tomli.loads((ROOT / ".taplo.toml").read_text("utf-8"))["rule"]
    assert (ROOT / rule["schema"]["path"]).resolve() == MADE.FILE.resolve()
    told = {p for pattern in rule["include"] for p in ROOT.glob(pattern)}
    told -= {p for pattern in rule["exclude"] for p in ROOT.glob(pattern)}
    assert told == set(SHIPPED)
    assert all("\\" not in p and not PurePosixPath(p).is_absolute() for p in rule["include"])


def test_the_editor_recommends_what_reads_the_schema() -> None:
    """The extension, with what it needs turned on."""
    folder = ROOT / ".vscode"
    wanted = json.loads((folder / "extensions.json").read_text("utf-8"))["recommendations"]
    assert wanted == ["tamasfe.even-better-toml"]
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    assert settings == {
        "evenBetterToml.schema.enabled": True,
        "evenBetterToml.taplo.configFile.enabled": True,
    }

"""Definition and fact files: path in, models out, all mistakes of all files at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path, PurePath, PurePosixPath
from typing import Literal

import tomli
from pydantic import ValidationError

from styring.errors import DefinitionError, InputError, Texts, UsageError, texts
from styring.facts import Facts
from styring.model import Catalogue, CatalogueFile, Indicator, Rule, WorkbookSpec
from styring.problem import Place, Problem, problem, source_line
from styring.text import fold

CATALOGUE_FILE = "catalogue.toml"
MOST_SHOWN = 20
Choice = str
"""`core`, `all`, or the path of a file with one id a line."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator and the file it came from; `name` is the file's path inside its folder."""

    indicator: Indicator
    file: Path
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of definitions as it was read: what could be, and every mistake on the way."""

    about: CatalogueFile
    found: list[Definition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@cache
def load_spec() -> WorkbookSpec:
    """Return the description of the workbook."""
    return WorkbookSpec.model_validate(_data("workbook.toml"))


@cache
def load_facts() -> Facts:
    """Return the fact shelf."""
    return Facts.model_validate(_data("facts.toml"))


@cache
def load_rules() -> dict[str, Rule]:
    """Return the rules of `styring check` by id."""
    rules = _data("rules.toml")["rule"]
    assert isinstance(rules, list)
    return {r["id"]: Rule.model_validate(r) for r in rules}


def _data(name: str) -> dict[str, object]:
    return tomli.loads(resources.files("styring.data").joinpath(name).read_text("utf-8"))


def desk(name: Literal["indicators", "templates", "examples"]) -> Path:
    """Return the folder of definitions, templates or examples: the checkout's, else the wheel's."""
    package = Path(str(resources.files("styring")))
    root = package.parent.parent / name
    return root if (package.parent.parent / "pyproject.toml").exists() else package / name


def is_shipped(folder: Path) -> bool:
    """Return whether a folder is the catalogue that comes with styring."""
    return folder.resolve() == desk("indicators").resolve()


def definition_files(folder: Path) -> list[Path]:
    """Return the definition files of a folder, in order of path.

    Raises:
        InputError: the folder is not there or holds none.
    """
    if not folder.is_dir():
        raise InputError(
            Texts("Mappen med indikatorer findes ikke.", "There is no such folder of indicators."),
            where=str(folder),
        )
    files = sorted(p for p in folder.rglob("*.toml") if is_definition_file(p))
    if not files:
        raise InputError(
            Texts(
                "Mappen har ingen indikatorer (.toml).", "The folder holds no indicators (.toml)."
            ),
            where=str(folder),
            hint=Texts(
                "Giv en mappe, hvor hver definition er en .toml-fil.",
                "Give a folder in which each definition is a .toml file.",
            ),
        )
    return files


NOT_ONE = frozenset({CATALOGUE_FILE, "styring.toml", "pyproject.toml"})
"""Files that may stand in such a folder and are no definitions."""


def is_definition_file(path: PurePath) -> bool:
    """Return whether a file in a folder of definitions is taken for one, by its name."""
    name = path.name
    return path.suffix == ".toml" and not name.startswith(".") and name not in NOT_ONE


_CASES = re.compile(r"^\[\[test\]\]", re.MULTILINE)
_OTHER_TABLE = re.compile(r"^\[(?!\[test\]\])", re.MULTILINE)


def without_cases(text: str) -> str:
    """Return a definition without its worked cases, where they stand last: half the text."""
    first = _CASES.search(text)
    if first is None or _OTHER_TABLE.search(text, first.start()):
        return text
    return text[: first.start()]


def load_definitions(folder: Path, *, cases: bool = True) -> tuple[list[Definition], list[Problem]]:
    """Return the definitions of a folder that could be read, and every mistake found on the way.

    `cases` reads the worked cases too; a review does not need them.
    """
    read = load_folder(folder, cases=cases)
    return read.found, read.problems


def load_folder(folder: Path, *, cases: bool = True) -> Folder:
    """Return a folder of definitions with what its `catalogue.toml` says of it.

    Raises:
        InputError: the folder is not there or holds no definition.
    """
    files = definition_files(folder)
    about, problems = _about(folder / CATALOGUE_FILE)
    read = [read_definition(f, f.relative_to(folder).as_posix(), cases=cases) for f in files]
    return _folder(about, problems, read)


def folder_of(files: Mapping[str, bytes]) -> Folder:
    """Return a folder of definitions that is not on the disk: its files by their path in it."""
    raw = files.get(CATALOGUE_FILE)
    about, problems = (CatalogueFile(), []) if raw is None else _about_of(raw)
    names = sorted(n for n in files if is_definition_file(PurePosixPath(n)))
    return _folder(about, problems, [_definition_of(files[n], Path(n), n) for n in names])


def _folder(
    about: CatalogueFile, problems: list[Problem], read: Iterable[Definition | list[Problem]]
) -> Folder:
    found: list[Definition] = []
    for one in read:
        if isinstance(one, Definition):
            found.append(one)
        else:
            problems += one
    return Folder(about, found, problems + list(_twice(found)))


def read_definition(file: Path, name: str, *, cases: bool = True) -> Definition | list[Problem]:
    """Return a definition, or what is wrong with its file."""
    try:
        return _definition_of(file.read_bytes(), file, name, cases=cases)
    except OSError as error:
        return [
            Problem(
                name,
                Place(),
                "encoding",
                Texts(f"Filen kan ikke læses ({error}).", f"The file cannot be read ({error})."),
            )
        ]


def _definition_of(
    raw: bytes, file: Path, name: str, *, cases: bool = True
) -> Definition | list[Problem]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [not_utf8(name, error)]
    return parse_definition(text, file, name, cases=cases)


def parse_definition(
    text: str, file: Path, name: str, *, cases: bool = True
) -> Definition | list[Problem]:
    """Return the definition a text holds, or what is wrong with it."""
    try:
        data = tomli.loads(text if cases else without_cases(text))
        return Definition(Indicator.model_validate(data), file, text, name)
    except tomli.TOMLDecodeError as error:
        return [toml_problem(name, text, error)]
    except ValidationError as error:
        return list(schema_problems(name, text, error))


def not_utf8(name: str, error: UnicodeDecodeError) -> Problem:
    """Return where a file stops being UTF-8."""
    before = error.object[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.split(b"\n")[-1].decode("utf-8")) + 1
    return Problem(
        name,
        Place(line, column),
        "encoding",
        Texts("Filen er ikke UTF-8.", "The file is not UTF-8."),
        Texts(
            "Gem den som UTF-8 (i Notesblok: Gem som, Kodning).",
            "Save it as UTF-8 (in Notepad: Save as, Encoding).",
        ),
        source=before.split(b"\n")[-1].decode("utf-8", "replace"),
    )


def toml_problem(name: str, text: str, error: tomli.TOMLDecodeError) -> Problem:
    """Return what a TOML reader stumbled over, at its line and column."""
    line, column = error.lineno or 1, error.colno or 1
    said = error.msg
    da = _TOML_WORDS.get(said.split(" '")[0].split(" (")[0], said)
    hint = None
    if said.startswith(("Cannot overwrite", "Cannot declare")):
        hint = Texts("Slet den ene af de to.", "Delete one of the two.")
    place = Place(line, column)
    message = Texts(f"Filen er ikke TOML: {da}.", f"The file is not TOML: {said}.")
    return Problem(name, place, "toml", message, hint, source=source_line(text, line))


_TOML_WORDS = {
    "Cannot overwrite a value": "nøglen står her to gange",
    "Cannot declare": "tabellen står her to gange",
    "Expected newline or end of document after a statement": "der står noget efter værdien",
    "Illegal character": "et tegn, der ikke må stå her",
    "Invalid value": "værdien kan ikke læses",
    "Invalid statement": "linjen kan ikke læses",
    "Unterminated string": "teksten mangler et anførselstegn til sidst",
    "Expected '=' after a key in a key/value pair": "der mangler et lighedstegn efter nøglen",
    "Expected ']' at the end of a table declaration": "tabellens navn mangler ] til sidst",
}
Loc = tuple[int | str, ...]
"""Where in a file a model found something, as pydantic says it."""
_METHODS = {"goalposts", "peers", "target", "maturity"}


def schema_problems(
    name: str, text: str, error: ValidationError, keys: Callable[[Loc], Iterable[str]] | None = None
) -> Iterator[Problem]:
    """Yield each thing a model refused, at the line and column of its key.

    Args:
        name: of the file.
        text: of the file.
        error: what the model said.
        keys: the keys that may stand where an unknown one does; an indicator's by default.
    """
    for e in error.errors():
        loc = tuple(p for p in e["loc"] if not (isinstance(p, str) and p in _METHODS))
        path = ".".join(str(p) for p in loc)
        given, allowed = e.get("input"), str(e.get("ctx", {}).get("expected", ""))
        hint = None
        match e["type"]:
            case "extra_forbidden" | "unexpected_keyword_argument":
                message = Texts(f"Ukendt nøgle {path!r}.", f"Unknown key {path!r}.")
                hint = nearest(str(loc[-1]), (keys or _indicator_keys)(loc))
            case "missing" | "missing_argument":
                message = Texts(f"{path!r} mangler.", f"{path!r} is missing.")
            case "literal_error" | "enum":
                message = Texts(f"{path} kan ikke være {given!r}.", f"{path} cannot be {given!r}.")
                hint = Texts(f"Skriv {allowed.replace(' or ', ' eller ')}.", f"Write {allowed}.")
            case "value_error":
                said = e["ctx"]["error"].args[0]
                message = said if isinstance(said, Texts) else texts(str(said))
            case "string_pattern_mismatch":
                message = Texts(
                    f"{path} må ikke skrives {given!r}.", f"{path} cannot be written {given!r}."
                )
                hint = Texts(
                    f"Mønstret er {e['ctx']['pattern']}", f"It matches {e['ctx']['pattern']}"
                )
            case kind:
                wanted = _TYPES.get(kind, e["msg"])
                message = Texts(
                    f"{path}: {wanted if isinstance(wanted, str) else wanted.da}",
                    f"{path}: {wanted if isinstance(wanted, str) else wanted.en}",
                )
        missing = e["type"] in {"missing", "missing_argument"}
        yield problem(name, text, loc[:-1] if missing else loc, "schema", message, hint=hint)


_TYPES = {
    "string_type": Texts("her skal stå en tekst i anførselstegn.", "a text in quotes is needed."),
    "float_parsing": Texts("her skal stå et tal.", "a number is needed."),
    "float_type": Texts("her skal stå et tal.", "a number is needed."),
    "finite_number": Texts("her skal stå et tal.", "a number is needed."),
    "int_parsing": Texts("her skal stå et helt tal.", "a whole number is needed."),
    "int_type": Texts("her skal stå et helt tal.", "a whole number is needed."),
    "tuple_type": Texts("her skal stå en liste i [ ].", "a list in [ ] is needed."),
    "dict_type": Texts("her skal stå en tabel.", "a table is needed."),
    "date_type": Texts("her skal stå en dato som 2026-01-31.", "a date as 2026-01-31 is needed."),
    "date_from_datetime_inexact": Texts(
        "her skal stå en dato som 2026-01-31.", "a date as 2026-01-31 is needed."
    ),
    "model_type": Texts("her skal stå en tabel.", "a table is needed."),
    "dataclass_type": Texts(
        'her skal stå en tekst på dansk og engelsk: { da = "…", en = "…" }.',
        'a text in Danish and English is needed: { da = "…", en = "…" }.',
    ),
}


def _indicator_keys(loc: Loc) -> list[str]:
    return [] if len(loc) > 1 else [f.alias or n for n, f in Indicator.model_fields.items()]


def nearest(name: str, known: Iterable[str]) -> Texts | None:
    """Return a question after the known name most like an unknown one, if one is near enough."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return Texts(f"Mener du {near[0]!r}?", f"Do you mean {near[0]!r}?") if near else None


def _about(file: Path) -> tuple[CatalogueFile, list[Problem]]:
    """Return what `catalogue.toml` says of a folder; where there is none, nothing is said."""
    return _about_of(file.read_bytes()) if file.is_file() else (CatalogueFile(), [])


def _about_of(raw: bytes) -> tuple[CatalogueFile, list[Problem]]:
    name = CATALOGUE_FILE
    try:
        text = raw.decode("utf-8")
        return CatalogueFile.model_validate(tomli.loads(text)), []
    except UnicodeDecodeError as error:
        return CatalogueFile(), [not_utf8(name, error)]
    except tomli.TOMLDecodeError as error:
        return CatalogueFile(), [toml_problem(name, text, error)]
    except ValidationError as error:
        found = schema_problems(name, text, error)
        return CatalogueFile(), [
            Problem(p.file, p.place, "catalogue", p.message, p.hint, source=p.source) for p in found
        ]


def _twice(found: Sequence[Definition]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for d in found:
        i = d.indicator
        words = [i.id, i.title.da, *i.aliases, *([i.statement.da] if i.statement else [])]
        for word in words:
            other = first.setdefault(fold(word), d.name)
            if other != d.name:
                message = Texts(
                    f"{word!r} er også brugt i {other}.", f"{word!r} is used in {other} too."
                )
                yield problem(d.name, d.text, ("id",), "id", message)


def load_catalogue(
    folder: Path | None = None, choice: Choice = "all", *, cases: bool = False
) -> Catalogue:
    """Return the indicators to measure, in the order of centre, kind and file.

    Args:
        folder: definitions of one's own: they are added to those that come with styring, and one
            with the id of a shipped one takes its place. `extends = false` in the folder's
            `catalogue.toml` leaves the shipped ones out.
        choice: which of them: `core` (the shipped core set and all of one's own), `all`, or the
            path of a file with one id a line.
        cases: read the worked cases too; a review does not need them.

    Raises:
        DefinitionError: any mistake, all of them listed.
        InputError: a folder or a file that cannot be used.
    """
    shipped = load_folder(desk("indicators"), cases=cases)
    own = None if folder is None or is_shipped(folder) else load_folder(folder, cases=cases)
    for place, read in ((desk("indicators"), shipped), (folder, own)):
        if read is not None:
            refuse_problems(read, str(place))
    return catalogue_from(shipped, own, choice)


def catalogue_from(shipped: Folder, own: Folder | None, choice: Choice = "all") -> Catalogue:
    """Return the indicators to measure, of folders that were read without mistakes."""
    found = merged(shipped, own)
    extends = own is None or own.about.extends
    mine = {d.indicator.id for d in own.found} if own else set()
    theirs = {d.indicator.id for d in shipped.found} if extends else set()
    digest = hashlib.sha256("".join(d.text for d in found).encode()).hexdigest()
    centres = {c.id: n for n, c in enumerate(load_facts().centre)}
    every = sorted(
        (d.indicator for d in found), key=lambda i: (centres[i.centre], i.kind == "practice")
    )
    ordered = [i for i in every if i.status != "retired"]
    wanted = _wanted(choice, ordered, mine)
    return Catalogue.model_construct(
        indicators=tuple(i for i in ordered if i.id in wanted),
        rest=tuple(i for i in ordered if i.id not in wanted),
        retired=tuple(i for i in every if i.status == "retired"),
        sha256=digest,
        choice=Path(choice).name,
        added=tuple(sorted(mine - theirs)),
        replaced=tuple(sorted(mine & theirs)),
        extends=extends,
    )


def merged(shipped: Folder, own: Folder | None) -> list[Definition]:
    """Return the shipped definitions with one's own added or put in their place."""
    if own is None:
        return shipped.found
    if not own.about.extends:
        return own.found
    mine = {d.indicator.id for d in own.found}
    return [d for d in shipped.found if d.indicator.id not in mine] + own.found


def refuse_problems(read: Folder, where: str) -> None:
    """Refuse a folder of definitions with mistakes.

    Raises:
        DefinitionError: any mistake, all of them listed.
    """
    problems = read.problems
    if not problems:
        return
    ordered = sorted(problems, key=lambda p: p.order)[:MOST_SHOWN]
    listed = Texts(
        *(
            "\n  ".join(f"{p.file}:{p.line}: {p.rule}: {p.message[lang]}" for p in ordered)
            for lang in ("da", "en")
        )
    )
    raise DefinitionError(
        Texts(
            f"Indikatordefinitionerne har {len(problems)} fejl:\n  {listed.da}",
            f"The indicator definitions have {len(problems)} mistakes:\n  {listed.en}",
        ),
        where=where,
        hint=Texts("Kør «styring check» for at se dem alle.", "Run “styring check” to see all."),
    )


def _wanted(choice: Choice, indicators: Iterable[Indicator], mine: set[str]) -> set[str]:
    """Return the ids a choice names.

    Raises:
        UsageError: it is neither core, all nor a file.
        InputError: the file names an id that does not exist.
    """
    known = {i.id: i.status for i in indicators}
    if choice == "all":
        return set(known)
    if choice == "core":
        return {i for i, status in known.items() if status == "core" or i in mine}
    file = Path(choice)
    if not file.is_file():
        raise UsageError(
            Texts(f"Sættet «{choice}» findes ikke.", f"There is no set “{choice}”."),
            hint=Texts(
                "Skriv --set core, --set all eller en fil med ét id på hver linje.",
                "Write --set core, --set all or a file with one id a line.",
            ),
        )
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Texts("Filen kan ikke læses som tekst.", "The file cannot be read as text."),
            where=choice,
        ) from error
    ids = [(n, line.split("#", 1)[0].strip()) for n, line in enumerate(lines, 1)]
    for n, name in ids:
        if name and name not in known:
            raise InputError(
                Texts(f"Indikatoren «{name}» findes ikke.", f"There is no indicator “{name}”."),
                where=f"{choice}, {n}",
                hint=Texts(
                    "Se dem alle med «styring indicators list --set all».",
                    "See all with “styring indicators list --set all”.",
                ),
            )
    if not any(name for _, name in ids):
        raise InputError(
            Texts("Filen nævner ingen indikatorer.", "The file names no indicators."), where=choice
        )
    return {name for _, name in ids if name}

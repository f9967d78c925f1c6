"""`styring check`: definitions checked, the rules listed, the schema for editors printed."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Collection
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from styring.definitions import desk, load_rules
from styring.errors import Lang, Texts, UsageError

SCHEMA = "indicator.schema.json"


def check(
    folder: Path | None,
    *,
    form: str,
    select: str,
    ignore: str,
    lang: Lang,
    strict: bool,
) -> int:
    """Check a folder, write what was found, and return the exit code.

    1 where there are errors, with `strict` also where there are warnings only.

    Raises:
        UsageError: a format or a rule that does not exist.
        InputError: the folder is not there or holds no definition.
    """
    from styring.check import check_folder
    from styring.check_report import FORMS, PLAIN, Form, Look, shown

    known: dict[str, Form] = {f: f for f in FORMS}
    if form not in known:
        raise _no_format(form, FORMS)
    checked = check_folder(
        folder or desk("indicators"), select=_rules(select), ignore=_rules(ignore)
    )
    look = Look(_colours(), shutil.get_terminal_size().columns) if sys.stdout.isatty() else PLAIN
    if form != "text":
        _as_utf8()
    print(shown(checked, named(folder or desk("indicators")), known[form], lang, look), end="")
    bad = {"error", "warning"} if strict else {"error"}
    return int(any(p.severity in bad for p in checked.problems))


def list_rules(*, form: str, lang: Lang) -> None:
    """Write every rule with its severity and reason.

    Raises:
        UsageError: the format is neither text nor json.
    """
    rules = load_rules().values()
    if form == "json":
        data = [r.model_dump(mode="json") for r in rules]
        _as_utf8()
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    if form != "text":
        raise _no_format(form, ("text", "json"))
    width = max(len(r.id) for r in rules)
    for r in rules:
        print(f"{r.id:<{width}}  {r.severity:<7}  {r.reason[lang]}")


def print_schema() -> None:
    """Write the JSON Schema of a definition file."""
    _as_utf8()
    print(resources.files("styring.data").joinpath(SCHEMA).read_text("utf-8"), end="")


def named(folder: Path) -> Path:
    """Return a folder relative to the current one where it is inside it, else in full."""
    full = Path(os.path.normpath(folder.absolute()))
    return full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full


def _rules(listed: str) -> Collection[str]:
    """Return the rules that a list names.

    Raises:
        UsageError: a rule that does not exist.
    """
    names = [n.strip().lower() for n in listed.split(",") if n.strip()]
    for name in names:
        if name not in load_rules():
            near = get_close_matches(name, load_rules(), n=1)
            raise UsageError(
                Texts(f"Reglen «{name}» findes ikke.", f"There is no rule “{name}”."),
                hint=Texts(f"Mener du «{near[0]}»?", f"Do you mean “{near[0]}”?")
                if near
                else Texts(
                    "Se dem alle med «styring check --rules».",
                    "See all with “styring check --rules”.",
                ),
            )
    return names


def _no_format(form: str, forms: Collection[str]) -> UsageError:
    return UsageError(
        Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
        hint=Texts(f"Skriv {' eller '.join(forms)}.", f"Write {' or '.join(forms)}."),
    )


def _colours() -> bool:
    """Return whether a terminal is to be given colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ


def _as_utf8() -> None:
    """Write what programs read in UTF-8, whatever the console's code page is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")

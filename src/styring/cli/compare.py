"""Two reviews on the user's own screen, set against each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from styring.cli.run import template_folder
from styring.errors import InputError, Lang, Texts, UsageError
from styring.find.since import since_part
from styring.formats.markdown import render_markdown
from styring.previous import is_internal, read_review, refuse_internal
from styring.review import Review, SincePart
from styring.say import sentence
from styring.text import both, number

FORMS = ("text", "json", "md")


def compare(one: Path, other: Path, *, form: str, lang: Lang) -> None:
    """Print what moved from one review to the other.

    Raises:
        InputError: a file is no review; the later is named first; one shows what the other
            withholds.
    """
    if form not in FORMS:
        raise UsageError(
            Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
            hint=Texts("Skriv text, json eller md.", "Write text, json or md."),
        )
    old, new = read_review(one), read_review(other)
    refuse_internal(old, internal=is_internal(new))
    refuse_internal(new, internal=is_internal(old))
    if old.municipality.code == new.municipality.code and old.as_of > new.as_of:
        raise InputError(
            Texts(
                "Den første gennemgang er senere end den anden.",
                "The first review is later than the second.",
            ),
            where=str(one),
            hint=Texts("Byt om på de to.", "Swap the two."),
        )
    part = since_part([old], new, new.kept)
    assert part is not None
    match form:
        case "json":
            print(part.model_dump_json(indent=1))
        case "md":
            told = new.model_copy(update={"since": part})
            body = render_markdown(told, template_folder(None), lang, "since.md.j2")
            print(*_marked(new, lang), body.decode("utf-8"), sep="\n", end="")
        case _:
            print("\n".join([*_marked(new, lang), *_lines(part, lang)]))


def _marked(review: Review, lang: Lang) -> list[str]:
    return [f"**{review.mark[lang]}**", ""] if review.mark else []


def _lines(part: SincePart, lang: Lang) -> Iterator[str]:
    yield part.text[lang]
    yield ""
    for c in part.centres:
        yield f"{c.title[lang]}: {c.text[lang]}"
    if part.indicators:
        yield ""
    for i in part.indicators:
        yield f"{i.title[lang]}: {i.then[lang]} → {i.now[lang]}; {i.figure_text[lang]}"
        if i.points_split is not None:
            foer, nu = (both(number, x, 0) for x in (i.points_then, i.points_now))
            yield "  " + sentence("since.points", foer=foer, nu=nu, flyt=i.points_text)[lang]
    if part.notes:
        yield ""
    yield from (n[lang] for n in part.notes)

"""Definitions as pages of Markdown: one, all of a centre, and the table of them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from styring.errors import Lang, Texts, texts
from styring.facts import Facts, Unit
from styring.formats.formula import (
    age_text,
    aggregate_lines,
    all_of,
    column,
    rule,
    scoring,
    smallest,
    trigger,
)
from styring.formats.markdown import escape
from styring.measure import is_state
from styring.model import Aggregate, FindingText, Indicator, Side
from styring.say import capital, distance, exactly, plain, sentence, small, word
from styring.text import both, closed, counted_texts, day

TEXTS = ("description", "rationale", "reading", "caveat", "missing")
OUTCOMES = ("weak", "strong", "attention")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Page:
    """What a definition is written from, and how deep its headings are."""

    indicator: Indicator
    others: Mapping[str, Indicator]
    facts: Facts
    lang: Lang
    depth: int = 1

    @property
    def units(self) -> dict[str, Unit]:
        """Return the units by id."""
        return {u.id: u for u in self.facts.unit}

    @property
    def unit(self) -> Unit:
        """Return the unit of the figure."""
        return self.units[self.indicator.unit]

    def word(self, name: str, section: str = "definition") -> str:
        """Return a label in the page's language."""
        return word(section, name)[self.lang]

    def say(self, key: str, **figures: Texts | str | int | None) -> str:
        """Return a sentence in the page's language."""
        return sentence(key, **figures)[self.lang]

    def heading(self, name: str) -> list[str]:
        """Return the lines of a heading within the definition."""
        return ["", f"{'#' * (self.depth + 1)} {self.word(name)}", ""]

    def link(self, indicator_id: str) -> str:
        """Return a link to a definition; its id where it is not among the others."""
        other = self.others.get(indicator_id)
        return _link(other, self.lang) if other else f"`{indicator_id}`"


def page(indicator: Indicator, others: Mapping[str, Indicator], facts: Facts, lang: Lang) -> str:
    """Return a definition as a page.

    Args:
        indicator: the definition.
        others: the definitions it may point to and be pointed to from, by id.
        facts: the shelf its units, centres and laws stand on.
        lang: of the page.
    """
    return _joined(_lines(_Page(indicator, others, facts, lang)))


def catalogue_page(
    centre: str,
    indicators: Sequence[Indicator],
    others: Mapping[str, Indicator],
    facts: Facts,
    lang: Lang,
) -> str:
    """Return the definitions of a centre under one another, with a list of them at the top."""
    own = [i for i in indicators if i.centre == centre]
    named = next(c for c in facts.centre if c.id == centre)
    lines = [f"# {_md(named.title[lang])}", "", f"*{_md(named.question[lang])}*"]
    for kind, label in (("figure", "figures"), ("practice", "statements")):
        if some := [i for i in own if i.kind == kind]:
            lines += ["", f"## {word('definition', label)[lang]}", ""]
            lines += [f"- [{_md(i.title[lang])}](#{i.id})" for i in some]
    for i in own:
        lines += ["", f'<a id="{i.id}"></a>', "", *_lines(_Page(i, others, facts, lang, 2))]
    return _joined(lines)


def index_page(indicators: Sequence[Indicator], facts: Facts, lang: Lang) -> str:
    """Return a table of all definitions, each linked to its place on its centre's page."""
    centres, dimensions = _titles(facts)
    units = {u.id: u for u in facts.unit}
    columns = ("title", "centre", "dimension", "unit", "better", "status")
    lines = [f"## {word('definition', 'all_centres')[lang]}", ""]
    lines += [word("definition", "all_intro")[lang], ""]
    lines.append(_row([word("definition", c)[lang] for c in columns]))
    lines.append(_row(["---"] * len(columns)))
    for i in indicators:
        said = (centres[i.centre], dimensions[i.dimension], units[i.unit].label,
                word("better", i.better), word("status", i.status))  # fmt: skip
        lines.append(_row([_link(i, lang, f"{lang}/"), *(_md(t[lang]) for t in said)]))
    return _joined(lines)


def _titles(facts: Facts) -> tuple[dict[str, Texts], dict[str, Texts]]:
    """Return the titles of the centres and of the dimensions."""
    return {c.id: c.title for c in facts.centre}, {d.id: d.title for d in facts.dimension}


def _link(indicator: Indicator, lang: Lang, folder: str = "") -> str:
    return f"[{_md(indicator.title[lang])}]({folder}{indicator.centre}.md#{indicator.id})"


def _md(text: str) -> str:
    """Return a text so that Markdown shows it as it stands."""
    return str(escape(text))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _joined(lines: Iterator[str] | Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _lines(p: _Page) -> Iterator[str]:
    """Yield the lines of a definition."""
    i, lang = p.indicator, p.lang
    centres, dimensions = _titles(p.facts)
    yield f"{'#' * p.depth} {_md(i.title[lang])}"
    yield ""
    place = [p.say("definition.version", antal=i.version), _status(p)]
    place += [_md(centres[i.centre][lang]), _md(dimensions[i.dimension][lang])]
    yield f"`{i.id}` · {' · '.join(place)}"
    yield ""
    yield f"**{_md(i.question[lang])}**"
    if i.statement:
        yield ""
        yield f"**{p.word('statement')}:** {_md(p.say('changed.quoted', tekst=i.statement))}"
    for name in TEXTS:
        text = getattr(i, name)
        if text:
            yield from ["", f"**{p.word(name)}.** {_md(text[lang])}"]
    yield from _levels(p)
    yield from p.heading("facts")
    yield _row(["", ""])
    yield _row(["---", "---"])
    for name, said in _facts(p):
        yield _row([p.word(name), said])
    yield from _sides(p)
    yield from _together(p)
    yield from _findings(p)
    yield from _cases(p)
    yield from _changes(p)


def _status(p: _Page) -> str:
    i = p.indicator
    said = word("status", i.status)[p.lang]
    if i.replaced_by is None:
        return said
    return f"{said}, {p.say('definition.replaced', titel=p.link(i.replaced_by))}"


def _facts(p: _Page) -> Iterator[tuple[str, str]]:
    """Yield the rows of the table: the label's name and what is said."""
    i, lang = p.indicator, p.lang
    yield "unit", _unit(p)
    if kind := next((v for v in p.facts.value_type if v.id == i.value_type), None):
        yield "value_type", _md(kind.title[lang])
    yield "interval", _interval(p)
    yield "better", word("better", i.better)[lang]
    for name in ("price_basis", "refund"):
        if said := getattr(i, name):
            yield name, word(name, said)[lang]
    if i.age_group:
        yield "age_group", age_text(i.age_group)[lang]
    yield "rule", rule(i)[lang]
    yield "least", smallest(i)[lang]
    if i.materiality is not None:
        yield "materiality", distance(p.facts.unit, p.unit, i.materiality)[lang]
    yield from _points(p)
    yield "headline", _headline(i)[lang]
    if i.by:
        yield "by", column(i.value.numerator.from_, i.by)[lang]
    yield from _standing(p)


def _standing(p: _Page) -> Iterator[tuple[str, str]]:
    """Yield what a definition rests on and how long it holds."""
    i, lang = p.indicator, p.lang
    if i.law:
        yield "law", "<br>".join(_md(_law(p, law)) for law in i.law)
    if i.owner:
        yield "owner", _md(i.owner[lang])
    yield "source", _md(i.source[lang])
    if said := _validity(p):
        yield "valid", said
    if i.aliases:
        yield "aliases", _md("; ".join(i.aliases))


def _unit(p: _Page) -> str:
    i = p.indicator
    decimals = p.unit.decimals if i.decimals is None else i.decimals
    places = counted_texts(decimals, ("decimal", "decimaler"), ("decimal", "decimals"))
    key = "definition.unit_with" if decimals else "definition.unit_whole"
    return _md(p.say(key, enhed=p.unit.label, decimaler=places))


def _interval(p: _Page) -> str:
    i = p.indicator
    reason = next((v.no_interval for v in p.facts.value_type if v.id == i.value_type), None)
    if i.interval == "none" and reason:
        return _md(p.say("definition.no_interval", grund=small(reason)))
    return word("interval", i.interval)[p.lang]


def _points(p: _Page) -> Iterator[tuple[str, str]]:
    """Yield what gives points, and the target."""
    i, lang = p.indicator, p.lang
    methods = [t[lang] for t in scoring(i, p.units)]
    if len(methods) > 1:
        first = word("scoring", "first")[lang]
        yield "scoring", "<br>".join([first, *(f"{n}. {m}" for n, m in enumerate(methods, 1))])
    else:
        yield "scoring", methods[0] if methods else word("scoring", "context")[lang]
    if i.better != "context":
        yield "weight", plain(i.weight)[lang]
    if i.target is not None:
        goal = exactly(p.unit, i.target)
        near = distance(p.facts.unit, p.unit, i.tolerance)
        within = sentence("definition.target_within", maal=goal, afstand=near)
        yield "target", (within if i.tolerance else goal)[lang]


def _headline(indicator: Indicator) -> Texts:
    if is_state(indicator.value):
        return word("headline", "state")
    if indicator.value.current_only:
        return word("headline", "current_only")
    return word("headline", indicator.headline or "finished")


def _law(p: _Page, law: str) -> str:
    known = {x.law: x.title for x in reversed(p.facts.paragraph)}
    known |= {x.id: x.title for x in p.facts.law}
    return f"{law}: {known[law][p.lang]}" if law in known else law


def _validity(p: _Page) -> str:
    i = p.indicator
    parts = []
    if i.valid_from:
        parts.append(p.say("definition.valid_from", fra=both(day, i.valid_from)))
    if i.valid_to:
        parts.append(p.say("definition.valid_to", til=both(day, i.valid_to)))
    return " ".join(parts)


def _levels(p: _Page) -> Iterator[str]:
    """Yield what a statement's steps mean, lowest first."""
    if p.indicator.levels:
        yield from p.heading("levels")
    for step, text in sorted(p.indicator.levels.items()):
        yield f"- **{p.say('definition.level', trin=step)}:** {_md(text[p.lang])}"


def _sides(p: _Page) -> Iterator[str]:
    """Yield numerator and denominator: what it is, its source, and how it is computed."""
    i = p.indicator
    top = "numerator" if i.value.denominator else "figure"
    yield from _side(p, top, i.numerator, i.value.numerator)
    if i.value.denominator:
        yield from _side(p, "denominator", i.denominator, i.value.denominator)
    if i.at_stake:
        yield from _side(p, "at_stake", None, i.at_stake)


def _side(p: _Page, name: str, side: Side | None, agg: Aggregate) -> Iterator[str]:
    yield from p.heading(name)
    if side:
        source = f"{p.word('source')}: {closed(side.source[p.lang])}"
        yield from [_md(f"{closed(side.what[p.lang])} {source}"), ""]
    yield from aggregate_lines(agg, p.lang)


def _together(p: _Page) -> Iterator[str]:
    """Yield the definitions this one is read with, and those that are read with it."""
    i = p.indicator
    back = [o.id for o in p.others.values() if i.id in o.read_with]
    for name, ids in (("read_with", i.read_with), ("read_by", back)):
        if ids:
            yield from p.heading(name)
        for other in ids:
            asks = f": {_md(p.others[other].question[p.lang])}" if other in p.others else ""
            yield f"- {p.link(other)}{asks}"


def _findings(p: _Page) -> Iterator[str]:
    """Yield what the report says of each outcome, and when."""
    found = [(o, t) for o in OUTCOMES if (t := getattr(p.indicator.finding, o))]
    if not found:
        return
    yield from p.heading("findings")
    yield p.word("findings_note")
    for outcome, text in found:
        yield from ["", f"**{p.word(outcome)}.** {trigger(outcome, text, p.unit)[p.lang]}", ""]
        yield from _quoted(p, text.observation)
        asked = [n for n in ("question", "recommendation", "first_step") if getattr(text, n)]
        yield ""
        for name in asked:
            lines = _named_figures(getattr(text, name)[p.lang], p.lang)
            yield f"- {p.word(name)}: {_md(' '.join(lines))}"
        if text.recommendation:
            yield f"- {p.word('plan')}: {_plan(p, text)}"


def _quoted(p: _Page, text: Texts) -> Iterator[str]:
    """Yield the sentences of an observation, each on its line."""
    lines = _named_figures(text[p.lang], p.lang)
    for n, line in enumerate(lines, 1):
        yield f"> {_md(line)}" + ("  " if n < len(lines) else "")


def _named_figures(text: str, lang: Lang) -> list[str]:
    """Return the lines of a sentence, what stands for a figure named in words."""
    named = _PLACEHOLDER.sub(lambda m: f"‹{word('placeholder', m[1])[lang]}›", text)
    return [line.strip() for line in named.strip().splitlines()]


def _plan(p: _Page, text: FindingText) -> str:
    centres, _ = _titles(p.facts)
    lead = small(centres[text.lead or p.indicator.centre])
    return _md(p.say(
        "trigger.plan",
        indsats=word("effort", text.effort),
        ansvarlig=lead,
        med=all_of([small(centres[c]) for c in text.join]) or None,
        dage=text.deadline_days,
        maal=exactly(p.unit, text.target) if text.target is not None else None,
    ))  # fmt: skip


def _cases(p: _Page) -> Iterator[str]:
    """Yield the worked cases by name, with the figures they are to give."""
    if p.indicator.test:
        yield from [*p.heading("cases"), p.word("cases_note"), ""]
    for case in p.indicator.test:
        found = [f"{year}: {_expected(p, x)}" for year, x in sorted(case.expect.items())]
        yield f"- {_md(capital(texts(case.name)).da)} – {_md('; '.join(found))}"


def _expected(p: _Page, x: float | str) -> str:
    if isinstance(x, str):
        return sentence(f"absence.{x}")[p.lang]
    places = p.unit.decimals if p.indicator.decimals is None else p.indicator.decimals
    return exactly(p.unit, x, places + 2)[p.lang]


def _changes(p: _Page) -> Iterator[str]:
    if p.indicator.change:
        yield from p.heading("change")
    for c in sorted(p.indicator.change, key=lambda c: -c.version):
        when = both(day, c.date)[p.lang]
        version = capital(sentence("definition.version", antal=c.version))[p.lang]
        yield f"- {version}, {when}: {_md(c.what[p.lang])}"

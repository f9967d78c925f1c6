"""The spine: calls in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

import polars as pl

from styring import __version__, practice, privacy
from styring.choose import PeerChoice, choose
from styring.compare import (
    Comparison,
    Peer,
    PeerKey,
    comparable,
    compare,
    other_years,
    peer_key,
    supported,
)
from styring.definitions import load_catalogue, load_facts, load_spec
from styring.facts import Facts
from styring.figures import Figures, all_figures
from styring.find.assemble import Setting, assemble
from styring.find.evidence import Evidence
from styring.find.parts import period
from styring.find.since import since_part
from styring.model import Catalogue, Indicator
from styring.peers import read_context, read_peers
from styring.prepare import Prepared, prepare
from styring.previous import read_earlier
from styring.privacy import masked
from styring.read.grid import Instead
from styring.read.workbook import Beside, Reading, read_workbook
from styring.review import InputPart, Provenance, Review
from styring.score import DRAWS, Scored, score
from styring.settings import Config, applied, config_for, facts_with, refuse_mistakes
from styring.similar import Chosen
from styring.tables import Note
from styring.unchanged import unchanged

SETS = frozenset({"core", "all"})
"""The sets that come with styring; any other is a file."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose; None where nothing was said."""

    peers: Path | None = None
    context: Path | None = None
    group: tuple[str, ...] = ()
    region: str | None = None
    similar: int | None = None
    by: tuple[str, ...] = ()
    indicators: Path | None = None
    as_of: date | None = None
    seed: int = 1
    chosen: str | None = None
    config: Path | None = None
    previous: tuple[Path, ...] = ()
    internal: bool = False
    instead: Instead | None = None
    beside: Beside = field(default_factory=Beside)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a workbook is measured by: the definitions, the facts and the municipality's settings.

    `catalogue` and `facts` have the settings in them; `before` is the catalogue without;
    `set_sha256` is of the file that names the set, where one does.
    """

    catalogue: Catalogue
    before: Catalogue
    facts: Facts = field(default_factory=load_facts)
    config: Config = field(default_factory=Config)
    set_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A workbook read and measured, nothing compared yet."""

    reading: Reading
    ready: Prepared
    indicators: tuple[Indicator, ...]
    figures: Figures
    notes: tuple[Note, ...]


def catalogue_of(choices: Choices, default: str = "core") -> Catalogue:
    """Return the definitions the user chose, else a set of those that come with styring."""
    return load_catalogue(choices.indicators, choices.chosen or default)


def plain(catalogue: Catalogue) -> Setup:
    """Return what a workbook is measured by where there are no settings."""
    return Setup(catalogue, catalogue)


def setup(
    choices: Choices,
    workbook: Path,
    default: str = "core",
    load: Callable[[str], Catalogue] | None = None,
) -> Setup:
    """Return what a workbook is measured by: what was chosen, what its settings say, the default.

    Args:
        choices: the user's.
        workbook: its settings stand beside it.
        default: the set where neither says.
        load: gives the catalogue of a set, where many workbooks share it.

    Raises:
        InputError: definitions or settings have mistakes, all of them listed.
    """
    config = config_for(workbook, choices.config)
    load = load or partial(load_catalogue, choices.indicators)
    named = choices.chosen or config.chosen or default
    with unchanged(Path(named)) if named not in SETS else nullcontext("") as set_sha256:
        before, facts = load(named), load_facts()
    refuse_mistakes(config, before, facts)
    catalogue = applied(before, config.settings, facts)
    return Setup(catalogue, before, facts_with(facts, config.settings), config, set_sha256)


def measure_workbook(
    path: Path,
    catalogue: Catalogue | Setup,
    as_of: date | None = None,
    instead: Instead | None = None,
    beside: Beside | None = None,
) -> Measured:
    """Return a workbook's figures, small numbers withheld; the last two as for reading."""
    by = catalogue if isinstance(catalogue, Setup) else plain(catalogue)
    reading = read_workbook(path, load_spec(), as_of=as_of, instead=instead, beside=beside)
    own = practice.own_statements(reading.tables)
    indicators = (*by.catalogue.indicators, *own)
    statements = [i for i in indicators if i.kind == "practice"]
    tables, notes = practice.match_statements(reading.tables, statements, by.catalogue)
    ready = prepare(tables, by.facts)
    figures = all_figures(ready, indicators, by.catalogue, by.config.goals)
    return Measured(reading, ready, indicators, figures, tuple(notes))


def review(workbook: Path, choices: Choices, catalogue: Catalogue | None = None) -> Review:
    """Return one municipality's review; by a catalogue that is given, without its settings.

    An internal one withholds nothing, and is marked so.

    Raises:
        InputError: workbook, peers file, definitions or settings cannot be used.
    """
    with privacy.in_full() if choices.internal else nullcontext():
        return _review(workbook, choices, catalogue)


def _review(workbook: Path, choices: Choices, catalogue: Catalogue | None) -> Review:
    by = plain(catalogue) if catalogue else setup(choices, workbook)
    catalogue, choices = by.catalogue, with_context(choices, by.config)
    m = measure_workbook(workbook, by, choices.as_of, choices.instead, choices.beside)
    earlier = read_earlier(choices.previous, m.ready.who, internal=choices.internal)
    c = _compared(m, choices, by)
    sets = [s.codes for s in c.chosen.sets]
    points, centres = score(_scored(m, c), m.indicators, choices.seed, peer_sets=sets)
    notes = (*m.reading.notes, *m.ready.notes, *m.figures.notes)
    evidence = Evidence(
        m.ready,
        m.indicators,
        m.figures,
        c.compared,
        points,
        everyone=c.everyone,
        left_out=c.left_out,
        chosen=c.chosen,
        accounts={a.sheet: a for a in m.reading.accounts},
        notes=notes,
        file=masked(workbook.name),
    )
    setting = Setting(
        catalogue=catalogue,
        before=by.before,
        config=by.config,
        reading=m.reading,
        notes=(*m.notes, *c.notes),
        centre_points={str(k): v for k, v in centres.items()},
        peer_names=c.names,
        peer_rows=c.rows,
        provenance=_provenance(workbook, choices, by, m.reading, c.sums, earlier.files),
        kept=earlier.kept,
        needed=tuple(
            s.name
            for s in load_spec().sheet
            if s.needed and not s.keyvalue and s.id not in m.ready.tables.frames
        ),
    )
    done = assemble(evidence, setting)
    since = since_part(earlier.reviews, done, earlier.kept)
    return done.model_copy(update={"since": since})


@dataclass(frozen=True, slots=True)
class Compared:
    """What a workbook was compared with.

    `everyone` holds all municipalities of the peers file by indicator, year and partial; `compared`
    only those chosen; `sums` the SHA-256 of each file that was read.
    """

    compared: Mapping[str, Comparison | None] = field(default_factory=dict)
    everyone: Mapping[PeerKey, Sequence[Peer]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    chosen: Chosen = field(default_factory=Chosen)
    names: tuple[str, ...] = ()
    rows: pl.DataFrame | None = None
    notes: tuple[Note, ...] = ()
    sums: Mapping[Path, str] = field(default_factory=dict)


def _compared(m: Measured, choices: Choices, by: Setup) -> Compared:
    """Return each indicator's comparison with the peers chosen."""
    if choices.peers is None and choices.context is None:
        return Compared()
    who, rows, context = m.ready.who, None, None
    sums: dict[Path, str] = {}
    if choices.peers:
        with unchanged(choices.peers) as sums[choices.peers]:
            rows = read_peers(choices.peers, by.catalogue)
    if choices.context:
        with unchanged(choices.context) as sums[choices.context]:
            context = read_context(choices.context)
    known = {} if rows is None else dict(rows.select("kommunekode", "kommune").iter_rows())
    chosen = choose(peer_choice(choices, by.config), known, context, who.code, who.finished_year)
    if rows is None:
        return Compared(chosen=chosen, notes=chosen.notes, sums=sums)
    everyone, left_out, notes = comparable(rows, m.indicators, who.code)
    among = {k: [p for p in peers if p.code in chosen.codes] for k, peers in everyone.items()}
    main = {i.id: m.figures.main(m.ready, i) for i in m.indicators}
    compared = {i.id: compare(i, main[i.id], among) for i in m.indicators}
    return Compared(
        supported(compared, m.indicators, main, choices.seed),
        everyone,
        left_out,
        chosen,
        tuple(sorted({p.name for group in among.values() for p in group})),
        rows.filter(pl.col("kommunekode").is_in(sorted(chosen.codes))),
        (*notes, *other_years(everyone, m.indicators, main), *chosen.notes),
        sums,
    )


def peer_choice(choices: Choices, config: Config) -> PeerChoice:
    """Return whom to be compared with: what was chosen, else what the settings say."""
    said = config.settings.peers
    return PeerChoice(
        group=choices.group or said.group,
        region=choices.region or said.region,
        similar=choices.similar or said.similar,
        by=choices.by or said.by,
        weights=said.weight,
        scale=said.scale,
    )


def with_context(choices: Choices, config: Config) -> Choices:
    """Return the choices with the framework conditions of the settings, if none are chosen."""
    return replace(choices, context=choices.context or config.context)


def _scored(m: Measured, c: Compared) -> list[Scored]:
    """Return the indicators that have a figure to score, with every municipality's value."""
    scored = []
    for i in m.indicators:
        figure = m.figures.main(m.ready, i)
        if i.better == "context" or figure.value is None:
            continue
        others = {p.code: p.value for p in c.everyone.get(peer_key(i, figure), ())}
        goal = m.figures.goals.get(i.id)
        scored.append(Scored(i, figure.value, figure.low, figure.high, others, goal))
    return scored


def _provenance(
    workbook: Path,
    choices: Choices,
    by: Setup,
    reading: Reading,
    sums: Mapping[Path, str],
    earlier: Sequence[tuple[Path, str]],
) -> Provenance:
    """Return what the review was made of; every checksum is of the bytes that were read."""
    named = choices.chosen or by.config.chosen or "core"
    inputs = [
        InputPart(role=role, name=masked(path.name), sha256=sha256)
        for role, path, sha256 in (
            ("workbook", workbook, reading.sha256),
            *((role, path, sums[path]) for role, path in _beside(choices) if path in sums),
            *(("previous", file, sha256) for file, sha256 in earlier),
            ("set", Path(named), by.set_sha256),
        )
        if sha256
    ]
    if by.config.file is not None:
        inputs.append(InputPart(role="config", name=by.config.name, sha256=by.config.sha256))
    inputs += [InputPart(role=u.role, name=u.name, sha256=u.sha256) for u in reading.used]
    inputs.append(InputPart(role="indicators", name="indicators", sha256=by.catalogue.sha256))
    options = {"as_of": choices.as_of.isoformat()} if choices.as_of else {}
    options |= {"set": by.catalogue.choice} if choices.chosen else {}
    options |= {"group": ", ".join(choices.group)} if choices.group else {}
    options |= {"region": choices.region} if choices.region else {}
    options |= {"similar": str(choices.similar)} if choices.similar else {}
    options |= {"by": ", ".join(choices.by)} if choices.by else {}
    options |= {"internal": "true"} if choices.internal else {}
    return Provenance(
        version=__version__, inputs=tuple(inputs), options=options, seed=choices.seed, draws=DRAWS
    )


def _beside(choices: Choices) -> Iterator[tuple[Literal["peers", "context"], Path]]:
    """Yield the files that a workbook is compared by."""
    if choices.peers:
        yield "peers", choices.peers
    if choices.context:
        yield "context", choices.context


def peer_rows(
    path: Path, catalogue: Catalogue | Setup, as_of: date | None = None
) -> list[list[object]]:
    """Return a workbook's figures as rows of a peers file, small numbers withheld.

    Numerator and denominator are kept, so that groups can be summed; a withheld figure keeps its
    row without any of them. The source names the file, its checksum and styring's version.
    """
    by = catalogue if isinstance(catalogue, Setup) else plain(catalogue)
    m = measure_workbook(path, by, as_of)
    who = m.ready.who
    source = f"{masked(path.name)} sha256:{m.reading.sha256[:12]} styring {__version__}"
    shipped = {i.id for i in by.catalogue.indicators}
    return [
        [
            who.code,
            who.name,
            period(m.ready, i, f),
            i.id,
            i.version,
            i.price_basis,
            i.refund,
            f.value,
            f.numerator,
            f.denominator,
            f.partial,
            f.absence == "suppressed",
            source,
            who.contact,
        ]
        for i in m.indicators
        if i.id in shipped
        for f in m.figures.series[i.id]
        if f.value is not None or f.absence == "suppressed"
    ]

"""The spine: calls in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from styring import __version__, practice
from styring.compare import Comparison, comparable, compare
from styring.definitions import load_catalogue, load_facts, load_spec
from styring.facts import Facts
from styring.figures import Figures, all_figures
from styring.find.assemble import Setting, assemble
from styring.find.parts import Evidence, period
from styring.model import Catalogue, Indicator
from styring.peers import read_peers
from styring.prepare import Prepared, prepare
from styring.privacy import mask_cpr
from styring.read.workbook import Reading, read_workbook
from styring.review import InputPart, Provenance, Review
from styring.score import DRAWS, Scored, score
from styring.settings import Config, applied, config_for, facts_with, refuse_mistakes
from styring.tables import Note


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose; None where nothing was said."""

    peers: Path | None = None
    indicators: Path | None = None
    as_of: date | None = None
    seed: int = 1
    chosen: str | None = None
    config: Path | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What a workbook is measured by: the definitions, the facts and the municipality's settings.

    `catalogue` and `facts` have the settings in them; `before` is the catalogue without.
    """

    catalogue: Catalogue
    before: Catalogue
    facts: Facts = field(default_factory=load_facts)
    config: Config = field(default_factory=Config)


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
    before, facts = load(choices.chosen or config.chosen or default), load_facts()
    refuse_mistakes(config, before, facts)
    catalogue = applied(before, config.settings, facts)
    return Setup(catalogue, before, facts_with(facts, config.settings), config)


def measure_workbook(
    path: Path, catalogue: Catalogue | Setup, as_of: date | None = None
) -> Measured:
    """Return a workbook's figures, small numbers withheld."""
    by = catalogue if isinstance(catalogue, Setup) else plain(catalogue)
    reading = read_workbook(path, load_spec(), as_of=as_of)
    own = practice.own_statements(reading.tables)
    indicators = (*by.catalogue.indicators, *own)
    statements = [i for i in indicators if i.kind == "practice"]
    tables, notes = practice.match_statements(reading.tables, statements, by.catalogue)
    ready = prepare(tables, by.facts)
    figures = all_figures(ready, indicators, by.catalogue, by.config.goals)
    return Measured(reading, ready, indicators, figures, tuple(notes))


def review(workbook: Path, choices: Choices, catalogue: Catalogue | None = None) -> Review:
    """Return one municipality's review; by a catalogue that is given, without its settings.

    Raises:
        InputError: workbook, peers file, definitions or settings cannot be used.
    """
    by = plain(catalogue) if catalogue else setup(choices, workbook)
    catalogue = by.catalogue
    m = measure_workbook(workbook, by, choices.as_of)
    compared, peer_names, peer_notes = _compared(m, choices.peers, catalogue)
    points, centres = score(_scored(m, compared), m.indicators, choices.seed)
    evidence = Evidence(m.ready, m.indicators, m.figures, compared, points)
    setting = Setting(
        catalogue=catalogue,
        before=by.before,
        config=by.config,
        reading=m.reading,
        notes=(*m.notes, *peer_notes),
        centre_points={str(k): v for k, v in centres.items()},
        peer_names=peer_names,
        provenance=_provenance(workbook, choices, by),
        needed=tuple(
            s.name
            for s in load_spec().sheet
            if s.needed and not s.keyvalue and s.id not in m.ready.tables.frames
        ),
    )
    return assemble(evidence, setting)


def _compared(
    m: Measured, path: Path | None, catalogue: Catalogue
) -> tuple[dict[str, Comparison | None], tuple[str, ...], Sequence[Note]]:
    """Return each indicator's comparison, the peers' names, and notes."""
    if path is None:
        return {}, (), ()
    peers = read_peers(path, catalogue)
    found, notes = comparable(peers, m.indicators, m.ready.who.code)
    names = sorted({p.name for group in found.values() for p in group})
    compared = {i.id: compare(i, m.figures.main(m.ready, i), found) for i in m.indicators}
    return compared, tuple(names), notes


def _scored(m: Measured, compared: dict[str, Comparison | None]) -> list[Scored]:
    """Return the indicators that have a figure to score."""
    scored = []
    for i in m.indicators:
        figure = m.figures.main(m.ready, i)
        if i.better == "context" or figure.value is None:
            continue
        c = compared.get(i.id)
        scored.append(
            Scored(
                i,
                figure.value,
                figure.low,
                figure.high,
                c.values if c else (),
                m.figures.goals.get(i.id),
            )
        )
    return scored


def _provenance(workbook: Path, choices: Choices, by: Setup) -> Provenance:
    inputs = [
        InputPart(role=role, name=mask_cpr(path.name), sha256=digest(path))
        for role, path in (("workbook", workbook), ("peers", choices.peers))
        if path is not None
    ]
    if by.config.file is not None:
        inputs.append(InputPart(role="config", name=by.config.name, sha256=by.config.sha256))
    inputs.append(InputPart(role="indicators", name="indicators", sha256=by.catalogue.sha256))
    options = {"as_of": choices.as_of.isoformat()} if choices.as_of else {}
    options |= {"set": by.catalogue.choice} if choices.chosen else {}
    return Provenance(
        version=__version__, inputs=tuple(inputs), options=options, seed=choices.seed, draws=DRAWS
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files in order."""
    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


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
    source = f"{mask_cpr(path.name)} sha256:{digest(path)[:12]} styring {__version__}"
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

"""Links of the page: a name and a figure lead to the indicator they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from styring.errors import Lang
from styring.review import Review
from styring.text import closed


@dataclass(frozen=True, slots=True)
class Target:
    """An indicator to lead to: its title, its anchor, and its figure as it is shown, if any."""

    title: str
    anchor: str
    shown: str


def link_indicators(
    tokens: Sequence[Token], review: Review, anchors: Mapping[str, str], lang: Lang
) -> None:
    """Make titles and figures of indicators links to their definitions, but not in headings.

    A figure is linked after its title (`Belægning (94,4 pct.)`), in the row that its title begins,
    in the finding and in the action that are about the indicator.

    Args:
        tokens: of the page; the texts among them are changed.
        review: whose indicators.
        anchors: of the headings by their text.
        lang: of the page.
    """
    targets = {
        i.id: Target(
            i.title[lang], anchors[i.title[lang]], "" if i.value is None else i.shown[lang]
        )
        for i in review.indicators
        if i.group is None and i.title[lang] in anchors
    }
    if not targets:
        return
    by_title = {t.title: t for t in targets.values()}
    longest = sorted(by_title, key=lambda t: (-len(t), t))
    titles = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)")
    for token, owner in _owned(tokens, review, targets, lang):
        parts = [p for child in token.children or () for p in _titled(child, titles, by_title)]
        parts = list(_figures_after(parts, by_title))
        token.children = list(_figure_of(parts, owner)) if owner else parts


def _owned(
    tokens: Sequence[Token], review: Review, targets: Mapping[str, Target], lang: Lang
) -> Iterator[tuple[Token, Target | None]]:
    """Yield the texts outside headings with the indicator that each is about."""
    findings = {closed(f.title[lang]): f.indicator or "" for f in review.findings}
    actions = {f"{a.rank}. {a.title[lang]}": a.indicator for a in review.actions}
    by_title = {t.title: t for t in targets.values()}
    row = finding = action = None
    first_of_row = False
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            row, first_of_row = None, True
        elif token.type == "tr_close":
            row = None
        if token.type != "inline":
            continue
        said = "".join(c.content for c in token.children or () if c.type == "text")
        if before.type == "heading_open":
            finding, action = None, targets.get(actions.get(said, ""))
            continue
        if first_of_row and before.type in {"td_open", "th_open"}:
            row, first_of_row = by_title.get(said), False
        begun = next((id_ for title, id_ in findings.items() if said.startswith(f"{title} ")), None)
        if row:
            # of the figures in a row the first that is the whole cell is the municipality's own
            yield token, row if said == row.shown else None
            row = None if said == row.shown else row
        else:
            yield token, targets.get(begun or "") or finding or action
        # what a finding rests on stands in the paragraph after it
        finding = targets.get(begun) if begun else None


def _titled(
    token: Token, titles: re.Pattern[str], by_title: Mapping[str, Target]
) -> Iterator[Token]:
    """Yield a piece of text with its titles as links; anything else as it is."""
    if token.type != "text":
        yield token
        return
    for n, piece in enumerate(titles.split(token.content)):
        if n % 2:
            yield from _link(piece, {"href": f"#{by_title[piece].anchor}"})
        elif piece:
            yield _text(piece)


def _figures_after(parts: Sequence[Token], by_title: Mapping[str, Target]) -> Iterator[Token]:
    """Yield pieces of a text with the figure in brackets after a linked title as a link."""
    last, inside = None, False
    for part in parts:
        inside = part.type == "link_open" or (inside and part.type != "link_close")
        if part.type != "text":
            yield part
        elif inside:
            last = by_title.get(part.content)
            yield part
        else:
            begin = f" ({last.shown}" if last and last.shown else ""
            if last and begin and part.content.startswith((f"{begin})", f"{begin};")):
                yield _text(" (")
                yield from _figure(last)
                yield _text(part.content.removeprefix(begin))
            else:
                yield part
            last = None


def _figure_of(parts: Sequence[Token], owner: Target) -> Iterator[Token]:
    """Yield pieces of a text with the first figure of its indicator as a link, if it has none."""
    figure = re.compile(rf"(?<![\w.,−–-]){re.escape(owner.shown)}(?![\w–])")
    wanted = bool(owner.shown) and not any(p.attrs.get("class") == "figure" for p in parts)
    inside = False
    for part in parts:
        inside = part.type == "link_open" or (inside and part.type != "link_close")
        found = (
            figure.search(part.content) if wanted and part.type == "text" and not inside else None
        )
        if found is None:
            yield part
            continue
        wanted = False
        yield _text(part.content[: found.start()])
        yield from _figure(owner)
        yield _text(part.content[found.end() :])


def _figure(target: Target) -> Iterator[Token]:
    """Yield an indicator's figure as a link, which says what it is of to those who only hear it."""
    about = {"class": "figure", "aria-label": f"{target.shown}: {target.title}"}
    yield from _link(target.shown, {"href": f"#{target.anchor}", **about})


def _link(text: str, attributes: dict[str, str | int | float]) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs=attributes)
    yield _text(text)
    yield Token("link_close", "a", -1)


def _text(text: str) -> Token:
    return Token("text", "", 0, content=text)

"""A review in which nothing is withheld says so on every page, and only where it is asked for."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from attacker import published, reviewed
from running import EXAMPLES, SYDDJURS, styring_says
from styring.errors import InputError
from styring.formats import FORMATS
from styring.pipeline import Choices, review
from styring.privacy import in_full, is_small
from styring.review import Review

MARK = {"da": "INTERNT: små tal er ikke skjult", "en": "INTERNAL (INTERNT): small numbers"}


def test_nothing_is_withheld() -> None:
    """Every figure is the one that is there when nothing would have to be withheld."""
    made = review(SYDDJURS, Choices(internal=True))
    assert published(made) == reviewed(SYDDJURS, primary=False, secondary=False)
    assert not any(i.absence == "suppressed" for i in made.indicators)
    assert not any(line.withheld for line in made.activity)
    assert made.provenance.options["internal"] == "true"


def test_the_next_review_withholds_again() -> None:
    with in_full():
        assert not is_small(3)
    assert is_small(3)
    with pytest.raises(InputError):
        review(Path("findes-ikke.xlsx"), Choices(internal=True))
    assert is_small(3)
    made = review(SYDDJURS, Choices())
    assert any(line.withheld for line in made.activity)
    assert made.mark is not None
    assert "INTERNT" not in made.mark.da


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_page_and_sheet_says_so(lang: str, tmp_path: Path) -> None:
    """First and last in the text; over and in the print header of every sheet."""
    ran = styring_says(
        "review", SYDDJURS, "--out", "ud", "--internal", "--lang", lang,
        "--format", ",".join(FORMATS), cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    text = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert text.count(MARK[lang]) >= 2
    assert MARK[lang] in text[:400]
    for page in openpyxl.load_workbook(tmp_path / "ud" / "review.xlsx"):
        assert page.oddHeader is not None
        parts = (page.oddHeader.left, page.oddHeader.center, page.oddHeader.right)
        assert MARK[lang] in "".join(str(p.text) for p in parts if p), page.title
        assert MARK[lang] in str(page["A2"].value), page.title
    made = Review.model_validate_json((tmp_path / "ud" / "review.json").read_bytes())
    assert made.mark is not None


def test_of_a_batch_too(tmp_path: Path) -> None:
    ran = styring_says(
        "batch", SYDDJURS, EXAMPLES / "odder.xlsx", "--out", "ud", "--internal", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    assert MARK["da"] in (tmp_path / "ud" / "overview.md").read_text("utf-8")
    for name in ("706-syddjurs", "727-odder"):
        assert MARK["da"] in (tmp_path / "ud" / name / "review.md").read_text("utf-8")

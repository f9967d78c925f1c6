"""The files that are made from others are those that would be made now.

`pytest tests/test_golden.py --refresh-golden` makes them again; read what changed.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

from running import Golden, Reviewed
from styring.review import Review

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(str(resources.files("styring.data"))) / "review.schema.json"


def words_and_figures(report: str) -> str:
    """Return a report without what changes though no word or figure does: checksums and version."""
    without = re.sub(
        r"\b[0-9a-f]{64}\b|(?<=checksum )[0-9a-f]{12}|(?<=kontrolsum )[0-9a-f]{12}", "…", report
    )
    return re.sub(r"(?<=styring version )[\w.+]+(?=, )", "…", without)


def test_the_danish_report_of_syddjurs_is_the_one_that_was_read(
    danish: Reviewed, golden: Golden
) -> None:
    """Each word and figure of the example's report, as somebody has read and approved it."""
    golden(GOLDEN / "syddjurs.da.md", words_and_figures(danish.read("review.md")))


def test_the_english_report_of_syddjurs_is_the_one_that_was_read(
    english: Reviewed, golden: Golden
) -> None:
    """The same in English."""
    golden(GOLDEN / "syddjurs.en.md", words_and_figures(english.read("review.md")))


def test_the_schema_of_a_review_is_that_of_the_model(golden: Golden) -> None:
    """What other programs are told about review.json is what is written."""
    schema = Review.model_json_schema(by_alias=True, mode="serialization")
    golden(SCHEMA, json.dumps(schema, ensure_ascii=False, indent=1) + "\n")

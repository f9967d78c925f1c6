"""What the end-to-end tests share: two finished reviews, and the files that are kept to compare."""

from __future__ import annotations

import difflib
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import oracle
from running import PEERS, SYDDJURS, Golden, Reviewed, styring_says
from styring.review import Review

MOST_DIFF = 40


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option that rewrites the kept files."""
    parser.addoption(
        "--refresh-golden",
        action="store_true",
        help="write the files that tests compare with, instead of comparing",
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Fail a comparison with reference results that is skipped although the results are there."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.skipped and has_references(item.path.name):
        report.outcome = "failed"
        report.longrepr = f"skipped although the reference results are there: {report.longrepr}"


def has_references(name: str) -> bool:
    """Return whether a file of tests needs reference results, and they are there."""
    try:
        folder = oracle.shared() / "reference"
    except unittest.SkipTest:
        return False
    return name.startswith("test_reference_") and folder.is_dir()


@pytest.fixture(scope="session")
def danish(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """The review of Syddjurs against the example peers, as a user gets it."""
    return _reviewed(tmp_path_factory.mktemp("da"), "da")


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """The same review in English."""
    return _reviewed(tmp_path_factory.mktemp("en"), "en")


def _reviewed(cwd: Path, lang: str) -> Reviewed:
    ran = styring_says("review", SYDDJURS, "--peers", PEERS, "--out", "ud", "--lang", lang, cwd=cwd)
    assert ran.code == 0, ran.err
    return Reviewed(cwd / "ud", ran)


@pytest.fixture(scope="session")
def syddjurs(danish: Reviewed) -> Review:
    """The review of Syddjurs as a model, read from its review.json."""
    return Review.model_validate_json((danish.folder / "review.json").read_bytes())


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a kept file; with --refresh-golden, keep it."""
    refresh = request.config.getoption("--refresh-golden")

    def compare(kept: Path, text: str) -> None:
        if refresh:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, "utf-8", newline="\n")
            return
        before = kept.read_text("utf-8") if kept.exists() else ""
        if text == before:
            return
        diff = list(difflib.unified_diff(before.splitlines(), text.splitlines(),
                                         f"kept {kept.name}", "now", lineterm="", n=1))  # fmt: skip
        more = f"\n… {len(diff) - MOST_DIFF} more lines" if len(diff) > MOST_DIFF else ""
        short = "\n".join(line[:300] for line in diff[:MOST_DIFF])
        pytest.fail(f"{short}{more}\nIf that is meant: pytest --refresh-golden", pytrace=False)

    return compare

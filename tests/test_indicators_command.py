"""`styring indicators list`, `show` and `diff`, as they are run."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from running import styring_says
from styring.definitions import desk

INDICATORS = desk("indicators")
FOLLOW_UP = Path("socialfaglig") / "opfoelgning-rettidig.toml"


def git(folder: Path, *arguments: str) -> None:
    """Run git in a throwaway repository."""
    name = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_list_holds_the_set_that_was_asked_for(tmp_path: Path) -> None:
    """The core set of 45, and all of them."""
    core, every = (
        json.loads(
            styring_says("indicators", "list", "--set", name, "--format", "json", cwd=tmp_path).out
        )
        for name in ("core", "all")
    )
    ids = [str(core).count("'id'"), str(every).count("'id'")]
    assert ids[0] == 45
    assert ids[1] >= 90


def test_a_definition_is_shown_as_a_page_in_either_language(tmp_path: Path) -> None:
    """By its id; an unknown one is refused with the nearest."""
    for lang, title in (("da", "# Bogført central refusion"), ("en", "# Booked central refund")):
        shown = styring_says("indicators", "show", "refusion-hjemtag", "--lang", lang, cwd=tmp_path)
        assert shown.code == 0
        assert shown.out.startswith(title)
    wrong = styring_says("indicators", "show", "refusion-hjemtaget", cwd=tmp_path)
    assert wrong.code != 0
    assert "refusion-hjemtag" in wrong.err


def test_a_changed_definition_is_told_between_folders_and_between_revisions(tmp_path: Path) -> None:
    """With the old and the new weight; a revision that is not there is refused."""
    place = tmp_path / "indicators"
    shutil.copytree(INDICATORS, place)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    file = place / FOLLOW_UP
    text = file.read_text("utf-8")
    assert "weight = 2\n" in text
    file.write_text(text.replace("weight = 2\n", "weight = 3\n", 1), "utf-8")
    git(tmp_path, "commit", "-q", "-a", "-m", "second")
    for pair in ((INDICATORS, place), ("HEAD~1", "HEAD")):
        told = styring_says("indicators", "diff", *pair, "--lang", "en", cwd=tmp_path)
        assert told.code == 0, told.err
        assert "opfoelgning-rettidig" in told.out
        assert "2" in told.out
        assert "3" in told.out
    gone = styring_says("indicators", "diff", "HEAD~9", "HEAD", cwd=tmp_path)
    assert gone.code == 3
    assert gone.err.startswith("styring: ")

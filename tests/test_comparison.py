"""The whole comparison as an analyst makes it: import, likeness, review, batch."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import oracle
from running import PEERS, SYDDJURS, styring_in_process
from styring.places import places

CONTEXT = SYDDJURS.parent / "rammevilkaar.csv"


def reviewed(folder: Path, *options: Any, book: Path = SYDDJURS) -> dict[str, Any]:
    """Return a review against the example peers."""
    ran = styring_in_process(
        "review", book, "--peers", PEERS, "--out", "ud", "--format", "md,json,xlsx", *options,
        cwd=folder,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads((folder / "ud" / "review.json").read_text("utf-8"))
    return found


def test_the_real_accounts_go_through_import_likeness_and_a_review(tmp_path: Path) -> None:
    """98 municipalities; the five most alike of those in the peers file are compared with."""
    source = oracle.shared() / "data" / "regk31_social.csv"
    ran = styring_in_process("peers", "import", source, "--out", "vilkaar.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "49" in ran.err
    book = oracle.shared() / "workbooks" / "syddjurs.xlsx"
    found = reviewed(tmp_path, "--context", "vilkaar.csv", "--similar", 5, book=book)
    choice = found["peer_choice"]
    assert len(found["peer_names"]) == 5
    assert [a["place"] for a in choice["alike"]] == list(range(1, 8))
    assert sum(a["chosen"] for a in choice["alike"]) == 5
    assert len(choice["context"]) == 7
    assert {c["n"] for c in choice["context"]} == {98}
    report = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert "Førtidspension tilkendt 1. juli 2014 eller senere" in report


def test_peers_are_chosen_by_name_region_and_likeness(tmp_path: Path) -> None:
    """And the options stand in the provenance."""
    named = reviewed(tmp_path, "--group", "Odder, 746", "--group", "Norddjurs Kommune")
    assert named["peer_names"] == ["Norddjurs", "Odder", "Skanderborg"]
    assert named["provenance"]["options"]["group"] == "Odder, 746, Norddjurs Kommune"
    alike = reviewed(
        tmp_path, "--context", CONTEXT, "--similar", 3, "--by", "befolkningstaethed", "--overwrite"
    )
    assert len(alike["peer_names"]) == 3
    assert [c["id"] for c in alike["peer_choice"]["context"]] == ["befolkningstaethed"]
    assert {i["role"] for i in alike["provenance"]["inputs"]} >= {"peers", "context"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--similar", 3), "--context"),
        (("--group", "Andeby"), "ikke en kommune"),
        (("--region", "Skåne"), "findes ikke"),
        (("--context", CONTEXT, "--by", "hvad"), "«hvad» findes ikke"),
        (("--context", "ingen.csv"), "findes ikke"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_in_one_message(
    tmp_path: Path, options: tuple[Any, ...], said: str
) -> None:
    """Exit 3, nothing written."""
    ran = styring_in_process(
        "review", SYDDJURS, "--peers", PEERS, "--out", "ud", *options, cwd=tmp_path
    )
    assert ran.code == 3
    assert said in ran.err
    assert not (tmp_path / "ud").exists()


def test_the_settings_choose_where_the_command_line_does_not(tmp_path: Path) -> None:
    """A weight for an unknown condition is refused; a key that is none is too."""
    settings = tmp_path / "styring.toml"
    settings.write_text(
        '[peers]\nsimilar = 2\nby = ["foertidspension", "uden-uddannelse"]\n'
        "[peers.weight]\nfoertidspension = 3.0\n",
        "utf-8",
    )
    found = reviewed(tmp_path, "--config", settings, "--context", CONTEXT)
    assert len(found["peer_names"]) == 2
    weights = {c["id"]: c["weight"] for c in found["peer_choice"]["context"]}
    assert weights == {"foertidspension": 3, "uden-uddannelse": 1}
    settings.write_text("[peers]\nlignende = 2\n", "utf-8")
    ran = styring_in_process("review", SYDDJURS, "--config", settings, cwd=tmp_path)
    assert ran.code == 3
    assert "lignende" in ran.err


def test_a_batch_takes_the_same_choices(tmp_path: Path) -> None:
    """Each municipality with the two most like itself, never itself."""
    books = [SYDDJURS, SYDDJURS.parent / "odder.xlsx"]
    ran = styring_in_process(
        "batch", *books, "--peers", PEERS, "--context", CONTEXT, "--similar", 2, "--out", "ud",
        "--format", "json", cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    for folder, own in (("706-syddjurs", "Syddjurs"), ("727-odder", "Odder")):
        file = next((tmp_path / "ud").glob(f"{folder[:3]}*")) / "review.json"
        names = json.loads(file.read_text("utf-8"))["peer_names"]
        assert len(names) == 2
        assert own not in names
        assert folder


def many(folder: Path) -> tuple[Path, Path]:
    """Return peers and conditions of all 98: the examples' figures, each varied by a tenth."""
    draw = Random(98)  # noqa: S311 - invented figures, no secret
    peers, conditions = (
        list(csv.DictReader(f.read_text("utf-8").splitlines())) for f in (PEERS, CONTEXT)
    )
    pattern = {
        name: [r for r in rows if r["kommune"] == "Odder"]
        for name, rows in (("peers", peers), ("conditions", conditions))
    }
    files = []
    for name, own in (("peers", peers), ("conditions", conditions)):
        rows = [r for r in own if r["kommune"] == "Syddjurs"]
        for code, place in places().items():
            if code == "706":
                continue
            for row in pattern[name]:
                changed = {**row, "kommunekode": code, "kommune": place.name}
                for column in ("vaerdi", "taeller"):
                    if row[column]:
                        changed[column] = str(float(row[column]) * draw.uniform(0.9, 1.1))
                if row["taeller"]:
                    changed["taeller"] = row["taeller"]
                rows.append(changed)
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, own[0])
            writer.writeheader()
            writer.writerows(rows)
        files.append(file)
    return files[0], files[1]


def test_among_98_municipalities_ranks_and_ambitions_are_shown(tmp_path: Path) -> None:
    """Ranks with intervals, centres ranked, five cheapest of the ten most alike, many sets."""
    peers, conditions = many(tmp_path)
    ran = styring_in_process(
        "review", SYDDJURS, "--peers", peers, "--context", conditions, "--similar", 10,
        "--out", "ud", "--format", "md,json", cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    assert len(found["peer_names"]) == 10
    assert len(found["peer_choice"]["sets"]) > 20
    assert len(found["peer_choice"]["alike"]) == 15
    ranked = [c for c in found["centres"] if c["rank"]]
    assert ranked
    assert all(1 <= c["rank_low"] <= c["rank"] <= c["rank_high"] <= c["rank_of"] for c in ranked)
    aims = [i for i in found["indicators"] if i["ambition"] is not None]
    assert aims
    assert all("en ambition, ikke en forventning" in i["ambition_text"]["da"] for i in aims)
    sets = {f["sets"] for f in found["findings"] if f["holds"] is not None}
    assert sets
    assert min(sets) > 20
    report = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert "fem billigste af de ti mest lignende" in report


def test_peers_of_other_years_are_said_and_not_compared_with(tmp_path: Path) -> None:
    """A file of 2019: a note names the figures, and none has peers."""
    text = PEERS.read_text("utf-8")
    rows = [r for r in text.splitlines() if ",2024," in r or r.startswith("kommunekode")]
    (tmp_path / "gammel.csv").write_text("\n".join(rows).replace(",2024,", ",2019,"), "utf-8")
    ran = styring_in_process(
        "review", SYDDJURS, "--peers", "gammel.csv", "--format", "json", "--out", "ud",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    assert all(i["peers"] is None for i in found["indicators"])
    assert any("andre år" in n["message"]["da"] for n in found["data_notes"])


def test_one_peer_only_is_said_and_compared_with_nothing(tmp_path: Path) -> None:
    """No figure has a median of one."""
    found = reviewed(tmp_path, "--group", "Odder")
    assert all(i["peers"] is None for i in found["indicators"])
    assert all(i["comparison"] is None for i in found["indicators"])


def test_no_peer_left_is_said(tmp_path: Path) -> None:
    """A region without any municipality of the file."""
    found = reviewed(tmp_path, "--region", "Sjælland")
    assert found["peer_names"] == []
    assert all(i["peers"] is None for i in found["indicators"])

"""The hook for pre-commit and the GitHub action: their files, and the action's own steps run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from running import environment

ROOT = Path(__file__).resolve().parents[1]
BASE = Path(__file__).parent / "lints" / "base"
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
ACTION = (ROOT / "action.yml").read_text("utf-8")


@dataclass(frozen=True)
class Step:
    """A step of the action: its environment and its script."""

    env: Mapping[str, str]
    script: str


def step(name: str) -> Step:
    """Return a step by its name."""
    block = next(b for b in re.split(r"\n    - ", ACTION) if b.startswith(f"name: {name}\n"))
    assert "\n      shell: bash\n" in block
    env = re.search(r"\n      env:\n((?:        .+\n)+)", block)
    script = re.search(r"\n      run: \|\n((?:        .*\n|\n)+)", block)
    assert env is not None
    assert script is not None
    pairs = (line.strip().split(": ", 1) for line in env[1].splitlines())
    return Step(dict(pairs), textwrap.dedent(script[1]))


def run(script: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a script as the service runs `shell: bash`."""
    file = cwd.parent / "step.sh"
    file.write_text(script, "utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
        cwd=cwd,
        env=environment(**env),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def program(file: Path, script: str) -> None:
    """Write a program that bash can run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/usr/bin/env bash\n{script}", "utf-8")
    file.chmod(0o755)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a folder of sound definitions, beside the runner's folder."""
    shutil.copytree(BASE, tmp_path / "repository" / "indicators")
    (tmp_path / "temp" / "styring-check").mkdir(parents=True)
    return tmp_path / "repository"


def stand_in(repository: Path, script: str) -> dict[str, str]:
    """Return an environment in which `styring` is a script."""
    program(repository.parent / "bin" / "styring", script)
    path = f"{repository.parent / 'bin'}:{environment()['PATH']}"
    return {"PATH": path, "RUNNER_TEMP": str(repository.parent / "temp")}


def test_the_hook_runs_the_command_on_the_folder() -> None:
    """Once, whichever of its files are committed, and not on the definitions of styring."""
    (hook,) = re.split(r"^- ", HOOKS, flags=re.MULTILINE)[1:]
    keys = dict(re.findall(r"^ *(\w+): (.+)$", hook, re.MULTILINE))
    assert keys["id"] == "styring-check"
    assert keys["language"] == "python"
    assert keys["entry"] == "styring check"
    assert (keys["pass_filenames"], keys["args"]) == ("false", "[indicators]")
    files = re.compile(keys["files"])
    assert files.search("indicators/a/b.toml")
    assert files.search("my/indicators/catalogue.toml")
    assert not files.search("my-indicators/b.toml")
    assert not files.search("indicators/readme.md")


def test_both_files_are_plain_yaml() -> None:
    """Two blanks a level, no tabs, and every line a key, an item, a comment or a script."""
    for text in (HOOKS, ACTION):
        assert "\t" not in text
        assert text.endswith("\n")
        bare = re.sub(r"( +)run: \|\n(?:\1  .*\n|\n)+", "", text)
        for line in filter(str.strip, bare.splitlines()):
            assert re.fullmatch(r"(?:  )*(?:- )?(?:[\w-]+:(?: .+)?|# .+)", line), line
            assert not re.search(r": [^\"'\[$]*: ", line), line


def test_every_input_has_a_description_and_a_default() -> None:
    """So that the folder is all there is to say, and that only where it is another."""
    inputs = ACTION[ACTION.index("\ninputs:\n") : ACTION.index("\nruns:\n")]
    found = re.findall(r"\n  ([\w-]+):\n    description: .+\n    default: (.+)", inputs)
    assert dict(found) == {
        "folder": "indicators",
        "select": '""',
        "ignore": '""',
        "python-version": '"3.13"',
    }
    assert inputs.count("description:") == len(found)


def test_no_input_is_part_of_a_script() -> None:
    """Expressions stand in `env` and `with` only."""
    assert ACTION.count("run: |") == 2
    for name in ("Install styring", "Check definitions"):
        assert "${{" not in step(name).script
    assert step("Check definitions").env == {
        "FOLDER": "${{ inputs.folder }}",
        "SELECT": "${{ inputs.select }}",
        "IGNORE": "${{ inputs.ignore }}",
    }


@pytest.mark.parametrize(
    ("folder", "select", "ignore"),
    [
        ("indicators", "", ""),
        ("my indicators/æ", "unit,law", "style"),
        ('a"; touch owned; "', "$(touch owned)", "`touch owned`"),
        ("--rules", "x' || touch owned #", "*\nb"),
    ],
)
def test_inputs_reach_the_command_as_they_are(
    repository: Path, folder: str, select: str, ignore: str
) -> None:
    """One argument each, whatever stands in them."""
    env = stand_in(repository, 'printf "%s\\0" "$@" > arguments\n')
    script = step("Check definitions").script
    ran = run(script, repository, FOLDER=folder, SELECT=select, IGNORE=ignore, **env)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    given = (repository / "arguments").read_text("utf-8").split("\0")[:-1]
    assert given == [
        *("check", "--format", "github", f"--select={select}", f"--ignore={ignore}"),
        *("--", folder),
    ]
    assert not (repository / "owned").exists()


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_step_fails_as_the_command_does(repository: Path, code: int) -> None:
    """With its exit code."""
    env = stand_in(repository, f"exit {code}\n")
    inputs = dict.fromkeys(("FOLDER", "SELECT", "IGNORE"), "")
    ran = run(step("Check definitions").script, repository, **inputs, **env)
    assert ran.returncode == code


def test_a_mistake_is_annotated_on_its_line(repository: Path) -> None:
    """Sound definitions pass; a broken one fails with a path from the root of the repository."""
    env = stand_in(repository, f'exec "{sys.executable}" -m styring "$@"\n')
    script = step("Check definitions").script
    inputs = {"FOLDER": "indicators", "SELECT": "", "IGNORE": ""}
    sound = run(script, repository, **inputs, **env)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    file = repository / "indicators" / "andel.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('unit = "procent"', 'unit = "promille"'), "utf-8")
    broken = run(script, repository, **inputs, **env)
    assert broken.returncode == 1
    assert "::error file=indicators/andel.toml,line=5,col=8,endColumn=18," in broken.stdout
    assert run(script, repository, **{**inputs, "SELECT": "law"}, **env).returncode == 0


def test_styring_is_installed_from_the_checkout_of_the_action(repository: Path) -> None:
    """By the pinned versions, into an environment of its own; the job's Python stays as it is."""
    home = repository.parent
    logged = f'printf "%s\\n" "$*" >> "{home}/calls"\n'
    copy = f'mkdir -p "$3/bin" && cp "{home}/inner" "$3/bin/python"\n'
    program(home / "inner", logged)
    program(home / "python", logged + copy)
    action = home / "an action"
    ran = run(
        step("Install styring").script,
        repository,
        PYTHON=str(home / "python"),
        RUNNER_TEMP=str(home / "temp"),
        GITHUB_ACTION_PATH=str(action),
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    pip = "-m pip --disable-pip-version-check install --quiet"
    assert (home / "calls").read_text("utf-8").splitlines() == [
        f"-m venv {home}/temp/styring-check",
        f"{pip} --require-hashes -r {action}/constraints.txt",
        f"{pip} --no-deps --no-build-isolation {action}",
    ]
    assert (ROOT / "constraints.txt").exists()
    assert "update-environment: false" in ACTION

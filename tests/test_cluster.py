"""A batch on a real cluster of separate worker processes, one of them killed under way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import EXAMPLES, PEERS, environment, styring_says
from test_batch import municipality
from test_resume import contents

WAIT = 60
"""Seconds a cluster may take to begin."""


def started(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    """Begin a part of a cluster in a process of its own, on loopback only."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=cwd, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


class Cluster:
    """A scheduler and two workers without nannies: one that is killed stays dead."""

    def __init__(self, folder: Path) -> None:
        """Begin them."""
        file = folder / "scheduler.json"
        self.scheduler = started(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(file), cwd=folder,
        )  # fmt: skip
        until = time.monotonic() + WAIT
        while not (file.exists() and file.stat().st_size) and time.monotonic() < until:
            time.sleep(0.1)
        self.address: str = json.loads(file.read_text("utf-8"))["address"]
        self.workers = [
            started(
                "distributed.cli.dask_worker", self.address, "--host", "127.0.0.1", "--no-nanny",
                "--nthreads", "1", "--no-dashboard", "--name", str(n), cwd=folder,
            )
            for n in range(2)
        ]  # fmt: skip

    def end(self) -> None:
        """End what still runs."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster for one test."""
    pytest.importorskip("distributed", reason="the extra cluster (Dask) is not installed")
    folder = tmp_path / "klynge"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.end()


def test_a_cluster_makes_what_one_machine_makes_though_a_worker_is_killed(
    tmp_path: Path, cluster: Cluster
) -> None:
    cwd = tmp_path / "x"
    cwd.mkdir()
    for book in EXAMPLES.glob("*.xlsx"):
        shutil.copy(book, cwd)
    alone = styring_says("batch", "*.xlsx", "--peers", PEERS, "--out", "ene", cwd=cwd)
    assert alone.code == 0, alone.err
    run = subprocess.Popen(
        [sys.executable, "-m", "styring", "batch", "*.xlsx", "--peers", str(PEERS), "--out",
         "ud", "--scheduler", cluster.address],
        cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(2.5)
    assert run.poll() is None, "the batch was over before the kill"
    cluster.workers[0].kill()
    _, err = run.communicate(timeout=120)
    assert run.returncode == 0, err.decode()
    assert contents(cwd / "ud") == contents(cwd / "ene")


def test_a_bad_workbook_on_a_cluster_stops_no_other(tmp_path: Path, cluster: Cluster) -> None:
    municipality(tmp_path, 706, "Syddjurs")
    (tmp_path / "grenaa.xlsx").write_text("hej", "utf-8")
    ran = styring_says(
        "batch", "syddjurs.xlsx", "grenaa.xlsx", "--out", "ud", "--scheduler", cluster.address,
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 4
    assert "grenaa.xlsx: " in ran.err
    assert (tmp_path / "ud" / "706-syddjurs" / "review.json").exists()


def test_no_cluster_is_told(tmp_path: Path) -> None:
    municipality(tmp_path, 706, "Syddjurs")
    for address in ("hvad som helst", "tcp://127.0.0.1:9"):
        ran = styring_says(
            "batch", "syddjurs.xlsx", "--out", "ud", "--scheduler", address, cwd=tmp_path
        )
        assert ran.code == 3, ran.err
        assert "Traceback" not in ran.err


def test_without_dask_the_way_to_it_is_told(tmp_path: Path) -> None:
    municipality(tmp_path, 706, "Syddjurs")
    hidden = tmp_path / "skjul"
    (hidden / "distributed").mkdir(parents=True)
    (hidden / "distributed" / "__init__.py").write_text("raise ImportError", "utf-8")
    path = os.pathsep.join([str(hidden), environment().get("PYTHONPATH", "")])
    ran = styring_says(
        "batch", "syddjurs.xlsx", "--out", "ud", "--scheduler", "tcp://127.0.0.1:9",
        cwd=tmp_path, PYTHONPATH=path,
    )  # fmt: skip
    assert ran.code == 3
    assert 'pip install "styring[cluster]"' in ran.err
    shutil.rmtree(hidden)

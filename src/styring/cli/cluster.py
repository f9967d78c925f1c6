"""Where the reviews of a batch run: in processes of this machine, or on an existing cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from styring.errors import InputError, Texts

RETRIES = 3
"""How often a review is begun again whose worker is lost."""
SECONDS = 10
"""How long to wait for a cluster's answer."""


class Run(Protocol):
    """A review that was begun."""

    def result(self) -> Any:
        """Return what came of it, once it is done."""

    def add_done_callback(self, tell: Callable[[Any], None], /) -> object:
        """Have something called when it is done."""


Submit = Callable[..., Run]


@contextmanager
def here(jobs: int) -> Iterator[Submit]:
    """Give what begins a review on this machine, so many at a time."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield pool.submit


@contextmanager
def cluster(address: str) -> Iterator[Submit]:
    """Give what begins a review on a Dask cluster.

    Its workers must have styring, and see the workbooks under the same paths.

    Raises:
        InputError: Dask is not installed, or there is no cluster at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            Texts("Dask er ikke installeret.", "Dask is not installed."),
            hint=Texts(
                'Kør: pip install "styring[cluster]"', 'Run: pip install "styring[cluster]"'
            ),
        ) from error
    try:
        client: Any = Client(address, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(
            Texts("Klyngen svarer ikke.", "The cluster does not answer."),
            where=address,
            hint=Texts(
                "Se efter adressen: --scheduler tcp://maskine:8786.",
                "Check the address: --scheduler tcp://machine:8786.",
            ),
        ) from error
    try:
        yield partial(client.submit, pure=False, retries=RETRIES)
    finally:
        client.close()

"""Two hundred servers killed with kill -9 at random moments under load: nothing acknowledged is lost, nothing is half there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import KINDS, Forks, Killing, forking

KILLS = 25
"""In one folder: what is in it is read at every start."""


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with forking() as forks:
        yield forks


@pytest.mark.parametrize("seed", range(8))
def test_nothing_acknowledged_is_lost_whenever_the_server_is_killed(forks: Forks, tmp_path: Path, seed: int) -> None:
    one = Killing(tmp_path, seed, forks)
    for _ in range(KILLS):
        one.round()
    while not all(one.acknowledged[kind] for kind in KINDS):  # on a machine so busy that some call never came
        one.round()

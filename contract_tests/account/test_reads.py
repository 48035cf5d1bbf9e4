"""Whatever surface was called before, every action that lists and every page of control is answered."""

from contract_tests.account.emulated import ROOT, begun, everything
from contract_tests.account.test_broken_snapshots import HAPPENED, failed


def test_everything_is_told_after_calls_of_every_surface() -> None:
    it = begun()
    for step in [*HAPPENED, ("socket", 1, "Hello"), ("socket", 2, "Will it rain?")]:
        assert not failed(it.step(step)), step
    assert not [said for said in everything(it) if failed(said)]
    paths = [path for path, methods in it.document()["paths"].items() if "get" in methods and "{uin}" in path]
    assert len(paths) > 20
    for path in paths:
        assert not failed(it.ask("GET", path.format(uin=ROOT, id="1", action="lke.ListApp"))), path

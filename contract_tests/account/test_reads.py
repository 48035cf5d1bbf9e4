"""Whatever surface was called before, every action that lists and every page of control is answered."""

import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import APP, CHANGES, ROOT, Emulated, Step, begun, everything
from contract_tests.account.test_broken_snapshots import HAPPENED, failed
from contract_tests.control.operations import DOCUMENT, NAMED, WRITES


def test_everything_is_told_after_calls_of_every_surface() -> None:
    it = begun()
    for step in [*HAPPENED, ("socket", 1, "Hello"), ("socket", 2, "Will it rain?")]:
        assert not failed(it.step(step)), step
    assert not [said for said in everything(it) if failed(said)]
    paths = [path for path, methods in it.document()["paths"].items() if "get" in methods and "{uin}" in path]
    assert len(paths) > 20
    for path in paths:
        assert not failed(it.ask("GET", path.format(uin=ROOT, id="1", action="lke.ListApp"))), path


def pages(it: Emulated) -> Iterator[str]:
    """All that can be read of control and of the console: what it is of is there, or is not."""
    for path, methods in DOCUMENT["paths"].items():
        if "get" in methods and not path.endswith("/events"):
            yield path.format(**NAMED)
            yield path.format(**{**NAMED, "id": APP, "product": "adp"})
    for format in ("har", "curl", "pytest", "json"):
        yield f"/_emulator/journal?format={format}&explain=true&limit=1000"
    for id in set(re.findall(rb'"RequestId":"([^"]+)"', it.ask("GET", "/_emulator/journal")[1])):
        yield f"/_emulator/explain/{id.decode()}"
    yield from (
        "/_emulator/console",
        "/_emulator/openapi/lkeap.json",
        "/health",
        f"/_emulator/accounts/{ROOT}/report?unit=hour",
    )


@settings(max_examples=4, deadline=None)
@given(steps=st.lists(CHANGES | WRITES, min_size=4, max_size=12))
def test_everything_is_told_after_whatever_was_written(steps: list[Step]) -> None:
    it = begun()
    it.ask("GET", "/_emulator/metrics")
    for step in steps:
        said = it.step(step)
        assert not failed(said), (step, said)
    assert not [said for said in everything(it) if failed(said)]
    for page in pages(it):
        said = it.ask("GET", page)
        assert not failed(said), (page, said)

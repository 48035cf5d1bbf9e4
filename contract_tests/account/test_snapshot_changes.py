"""What people are told of two snapshots."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import CHANGES, ROOT, Step, begun
from lke_emulator.account.snapshot import save, write
from lke_emulator.account.snapshot_changes import INNER, changes_between, seen_of


def snapshot(it: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(write(save(it.world.accounts[ROOT]))))


def of_part(part: str, before: Any, after: Any) -> list[str]:
    old, new = ({"account": {}, "parts": {part: state}} for state in (before, after))
    return [str(change) for change in changes_between(old, new)]


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(CHANGES, max_size=4))
def test_whatever_people_can_see_is_told_under_its_part_and_nothing_else(steps: list[Step]) -> None:
    it = begun()
    before = snapshot(it)
    for step in steps:
        it.step(step)
    after = snapshot(it)
    differing = {
        part for part in after["parts"] if seen_of(part, before["parts"][part]) != seen_of(part, after["parts"][part])
    }
    assert {change.place[0] for change in changes_between(before, after)} == differing
    assert not list(changes_between(after, after))


def test_records_are_known_by_their_ids_and_called_by_their_names() -> None:
    before = {
        "apps": [{"biz_id": "1", "draft": {"name": "Desk"}, "status": 1}, {"biz_id": "2", "draft": {"name": "Shop"}}]
    }
    after = {
        "apps": [{"biz_id": "3", "draft": {"name": "New"}}, {"biz_id": "1", "draft": {"name": "Desk"}, "status": 2}]
    }
    assert of_part("apps", before, after) == ['  - 2: "Shop"', '  + 3: "New"', "  ~ 1 status: 1 -> 2"]


def test_figures_in_a_row_are_told_by_how_many_there_are() -> None:
    assert of_part("x", {"a": 1, "moments": [1, 2]}, {"a": 1, "moments": [1, 2, 3]}) == ["  + moments: 1 more, 3 now"]
    assert of_part("x", {"a": 1, "moments": [1, 2]}, {"a": 1, "moments": [1]}) == ["  - moments: 1 less, 1 now"]
    assert of_part("x", {"a": 1, "moments": [1, 2]}, {"a": 1, "moments": [7]}) == ["  ~ moments: [1, 2] -> [7]"]


def test_of_many_that_appeared_some_are_told() -> None:
    told = of_part(
        "qas", {"qas": []}, {"qas": [{"id": str(number), "question": f"Q{number}"} for number in range(900)]}
    )
    assert told[0] == '  + 0: "Q0"'
    assert told[5:] == ["  + and 895 more"]


def test_what_only_the_emulator_reads_is_not_told() -> None:
    for part, members in INNER.items():
        for member in members or ("anything",):
            assert not of_part(part, {member: 1}, {member: 2})
    assert not of_part("clock", {"course": "real", "now": 1}, {"course": "real", "now": 2})
    assert of_part("clock", {"course": "frozen", "now": 1}, {"course": "frozen", "now": 2}) == ["  ~ now: 1 -> 2"]

"""What makes answers cheap changes none of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.usage.random_usage import NOON
from contract_tests.usage.test_series import laws, office
from lke_emulator.primitives.seeds import noise, noises
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.answers import ROOM, Answers
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal

DAY = 86400
ALL = Filter()


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(-(2**40), 2**63), max_size=40))
def test_noise_of_many_indices_is_that_of_each(key: int, indices: list[int]) -> None:
    assert noises(key, indices) == [noise(key, index) for index in indices]


@laws
@given(st.lists(st.integers(0, 1500), min_size=1, max_size=40), st.integers(0, 400))
def test_second_after_second_tells_the_same_as_each_by_itself(seconds: list[int], crowd: int) -> None:
    """Also where five minutes have too many calls to be looked at one by one."""
    crowded = literal(Line(), [(NOON + 700, Amounts(crowd, 5 * crowd, crowd))]) if crowd else office(seed=2)
    ledger = Ledger(28800, [office(), crowded])
    for t in seconds:
        fresh = Ledger(28800, [office(), crowded])
        assert ledger.totals(ALL, NOON, NOON + t) == fresh.totals(ALL, NOON, NOON + t)


def test_a_call_drops_what_was_told_of_its_time_and_nothing_else() -> None:
    answers = Answers()
    for i in range(5000):
        answers.put(i % 700, i % 97, i)  # the same keys with other ends
    kept = {key: answers.get(key) for key in range(700)}
    answers.drop_after(50)
    assert [answers.get(key) for key in range(700)] == [
        kept[key] if kept[key] % 97 <= 50 else None for key in range(700)
    ]
    answers.drop_after(-1)
    assert not any(answers.get(key) for key in range(700))


def test_the_oldest_answers_go_when_room_runs_out() -> None:
    answers = Answers()
    for i in range(3 * ROOM):
        answers.put(i, i, True)
    assert answers.get(2 * ROOM - 1) is None
    assert answers.get(2 * ROOM) is True


@pytest.mark.parametrize("span", [(0, DAY), (17, DAY - 5), (3600, 3600 + 7), (7 * 3600, 60 * 3600)])
@pytest.mark.parametrize("width", [300, 3600, DAY])
def test_boxes_hold_each_bucket_once_whatever_was_asked_before(span: tuple[int, int], width: int) -> None:
    asked = Ledger(28800, [office()])
    for shift in range(0, 9000, 1234):
        asked.graph(ALL, NOON + shift, NOON + DAY + shift, width)
    start, stop = NOON + span[0], NOON + span[1]
    assert asked.graph(ALL, start, stop, width) == Ledger(28800, [office()]).graph(ALL, start, stop, width)
    assert json.dumps(asked.graph(ALL, start, stop, width)) == json.dumps(asked.graph(ALL, start, stop, width))

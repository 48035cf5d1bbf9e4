"""Requests that are made from the spec are accepted or refused as they say they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import spec
from lke_emulator.testing.strategies import broken_requests, find, requests

ACTIONS = sorted(spec().by_key)


@given(st.data())
def test_what_fits_is_accepted(data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(ACTIONS))
    params = data.draw(requests(action))
    assert shapes.check(find(action).request, params) == params


@given(st.data())
def test_what_is_broken_is_refused_with_its_code_and_place(data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(ACTIONS))
    broken = data.draw(broken_requests(action))
    with pytest.raises(ApiError) as caught:
        shapes.check(find(action).request, broken.params)
    assert caught.value.code == broken.code
    assert broken.path in caught.value.message("en-US")


def test_an_action_that_there_is_not_is_named() -> None:
    with pytest.raises(LookupError, match=r"lke\.Nothing"):
        requests("lke.Nothing")

"""The patterns in which `%` stands for anything."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.oneapi.call import like

TEXTS = st.text("ab\n", max_size=6)


@given(TEXTS, st.text("ab%\n", max_size=6))
def test_it_means_what_a_regular_expression_would(text: str, pattern: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("%"))
    assert like(text, pattern) == bool(re.fullmatch(expression, text, re.DOTALL))

"""Every code that has a text can be met on purpose: by a fault, by a canned reply."""

import pytest

from lke_emulator.protocol.errors import TEXTS, sample


@pytest.mark.parametrize("code", sorted({text.code for text in TEXTS.values()}))
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_a_code_that_nothing_has_caused_has_a_whole_text(code: str, language: str) -> None:
    error = sample(code)
    text = error.message(language)
    assert error.code == code
    assert text
    assert "{" not in text

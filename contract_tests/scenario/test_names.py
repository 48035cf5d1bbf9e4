"""LkeProvider: names and texts for a user's own Faker."""

import re

import pytest
from faker import Faker

from lke_emulator.scenario.names import LkeProvider, fake

METHODS = (
    "app_name",
    "space_name",
    "sub_account_name",
    "question",
    "answer",
    "document_name",
    "model_name",
    "biz_id",
    "call_id",
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("locale", ["zh_CN", "en_US", "de_DE"])
def test_the_seed_decides(locale: str, method: str) -> None:
    def texts(seed: int) -> list[str]:
        maker = fake(locale, seed)
        return [getattr(maker, method)() for _ in range(20)]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert all(text.strip() for text in texts(1))


def test_users_add_it_to_their_own_faker() -> None:
    mine = Faker("zh_CN")
    mine.add_provider(LkeProvider)
    mine.seed_instance(7)
    assert re.search("[\u4e00-\u9fff]", mine.app_name())


def test_the_text_follows_the_locale() -> None:
    chinese, english = fake("zh_CN", 1), fake("en_US", 1)
    for method in ("app_name", "space_name", "question", "answer", "document_name"):
        assert re.search("[\u4e00-\u9fff]", getattr(chinese, method)())
        assert getattr(english, method)().isascii()


def test_no_gap_of_a_sentence_stays_open() -> None:
    for locale in ("zh_CN", "en_US"):
        maker = fake(locale, 5)
        for method in ("question", "answer", "document_name"):
            assert not [text for text in (getattr(maker, method)() for _ in range(200)) if "{" in text or "}" in text]


def test_ids_have_their_documented_forms() -> None:
    maker = fake("en_US", 5)
    for _ in range(50):
        assert re.fullmatch(r"1[0-9]{18}", maker.biz_id())
    assert re.fullmatch(r"[0-9A-Za-z]{3}_20250928_191127_[0-9]{3}_[0-9A-Za-z]{8}", maker.call_id(1759057887))


def test_own_words_do_not_depend_on_fakers_data() -> None:
    """Written down once: scenarios with made-up names must not change with a new version of Faker."""
    maker = fake("en_US", 1)
    assert [maker.app_name(), maker.space_name()] == ["Travel Expenses Help Desk", "Field Service"]

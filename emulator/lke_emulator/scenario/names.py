"""Made-up names and texts of the knowledge engine, as a Faker provider.

    fake = Faker("zh_CN")
    fake.add_provider(LkeProvider)
    fake.app_name()      # 退换货咨询助手

The words are this project's own: only people's names change with Faker's version. Chinese for zh locales, else English.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faker import Faker
from faker.providers import BaseProvider

from lke_emulator.primitives.ids import ALPHABET

WORDS: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
MODELS = ("cs-normal", "cs-normal-70b", "hunyuan", "hunyuan-turbo", "lke-deepseek-r1-vip", "youtu-mrc-pro")
EARLIEST, LATEST = 1_704_067_200, 1_767_225_599
"""The years 2024 and 2025, from which made-up moments are taken."""


class LkeProvider(BaseProvider):
    """Apps, spaces, sub-accounts, questions, answers, documents, models and ids that look like those of the service."""

    @property
    def language(self) -> str:
        locale = getattr(self.generator.provider("faker.providers.person"), "__lang__", None) or ""
        return "zh" if locale.startswith("zh") else "en"

    def one_of(self, kind: str) -> str:
        word: str = self.random_element(WORDS[self.language][kind])
        return word

    def filled(self, kind: str) -> str:
        """A sentence of a kind with its gaps filled; at its beginning a capital letter."""
        text = self.one_of(kind).format(
            subject=self.one_of("subject"), team=self.one_of("team"), number=self.random_int(2, 30)
        )
        return text[0].upper() + text[1:]

    def characters(self, length: int) -> str:
        return "".join(self.random_element(ALPHABET) for _ in range(length))

    def app_name(self) -> str:
        subject, assistant = self.one_of("subject"), self.one_of("assistant")
        return f"{subject}{assistant}" if self.language == "zh" else f"{subject.title()} {assistant}"

    def space_name(self) -> str:
        return self.one_of("team") + self.one_of("place")

    def sub_account_name(self) -> str:
        """A person's name in the locale of the Faker."""
        name: str = self.generator.format("name")
        return name

    def question(self) -> str:
        return self.filled("question")

    def answer(self) -> str:
        return self.filled("answer")

    def document_name(self) -> str:
        return f"{self.filled('document')}.{self.random_element(('pdf', 'docx', 'md', 'txt', 'xlsx'))}"

    def model_name(self) -> str:
        name: str = self.random_element(MODELS)
        return name

    def biz_id(self) -> str:
        """19 digits, as AppBizId and DocBizId have (documented)."""
        return str(self.random_int(1_700_000_000_000_000_000, 1_899_999_999_999_999_999))

    def call_id(self, moment: float | None = None) -> str:
        """`Bd4_20250928_191127_831_tlwHTOyB`: stamped with the moment (Unix seconds) at +08:00 (documented example)."""
        seconds = self.random_int(EARLIEST, LATEST) if moment is None else moment
        stamp = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
        return f"{self.characters(3)}_{stamp:%Y%m%d_%H%M%S}_{self.random_int(0, 999):03}_{self.characters(8)}"


def fake(locale: str, seed: int) -> Faker:
    """A Faker of one locale with LkeProvider, seeded by itself. AttributeError for a locale Faker does not have."""
    faker = Faker(locale)
    faker.add_provider(LkeProvider)
    faker.seed_instance(seed)
    return faker

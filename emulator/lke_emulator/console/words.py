"""What the console says, by `words/`: file -> name -> [English, Chinese]. A page is sent the one language in which it is read.

An English text with a plural is `{"one": ..., "other": ...}`, chosen by {n}. Three files have the Chinese alone: of assumptions,
by their ids, of what these rest on, and of what else control says in English, by that: `{}` is what differs, `{1}` where the
first of these goes.
"""

import json
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"
LANGUAGES = {"en": "en", "zh": "zh-CN"}
"""In the order in which texts stand in the files; as HTML names them."""
CHINESE = ("assumptions", "control", "sources")
"""What control says in English: files with the Chinese alone."""


def texts_in(language: str) -> str:
    """All texts as JSON that may stand in a page; a file that was edited is read again."""
    return texts_of(language, tuple((file, file.stat().st_mtime_ns) for file in sorted(WORDS.glob("*.json"))))


@lru_cache(2)
def texts_of(language: str, files: tuple[tuple[Path, int], ...]) -> str:
    place = list(LANGUAGES).index(language)
    read = {file.stem: json.loads(file.read_text("utf-8")) for file, _ in files}
    spoken = {
        name: {one: text if isinstance(text, str) else text[place] for one, text in texts.items()}
        for name, texts in read.items()
        if language == "zh" or name not in CHINESE
    }
    return json.dumps(spoken, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

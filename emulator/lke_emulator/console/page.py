"""The one page of the console, written for who asks: in their theme and language, with the names of all it is about to need.

A browser that had to read one module to ask for the next, a style sheet or its own storage before the first paint, would
paint later.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from posixpath import dirname, join, normpath
from string import Template
from typing import NamedTuple

from lke_emulator.console.files import STATIC, STYLES, edition, sendable
from lke_emulator.console.words import LANGUAGES, texts_in

PREFIX = "/_emulator/console"
PAGE = STATIC / "index.html"
"""What every address below the prefix gives that has no dot in its last name: the page reads what it shows from the address."""
IMPORTED = re.compile(r'^(?:import|export)\b.*? from "(\.[^"]+)";$', re.MULTILINE)
LISTED = re.compile(r'\{ path: "([\w-]*)".*import\("\./([^"]+)"\)')
"""A page of pages.js: its path, and its file."""
CHOICE = re.compile(r"(?:^|; )(theme(?==light|=dark)|language(?==en|=zh))=(\w+)(?=;|$)")


class Style(NamedTuple):
    text: str
    source: bytes
    """What a content security policy calls it: this style within the page, and no other."""


@lru_cache(1)
def style_of(edition: str) -> Style:
    text = "".join(file.read_text() for file in STYLES)
    return Style(text, b"'sha256-" + b64encode(sha256(text.encode()).digest()) + b"'")


def page_for(path: str, headers: Mapping[str, str], is_guarded: bool) -> bytes:
    """`path`: what the address has below the prefix."""
    chosen = dict(CHOICE.findall(headers.get("cookie", "")))
    preferred = "zh" if headers.get("accept-language", "").lower().startswith("zh") else "en"
    language = chosen.get("language", preferred)
    current = edition()
    base = f"{PREFIX}/@{current}"
    links = [f'<link rel="modulepreload" href="{base}/{name}">' for name in modules_of(path.partition("/")[0])]
    if not is_guarded:
        links.append('<link rel="preload" as="fetch" crossorigin href="/_emulator/accounts">')
    page = Template(sendable(PAGE).plain.decode()).substitute(
        base=base,
        style=style_of(current).text,
        language=LANGUAGES[language],
        words=texts_in(language),
        theme=chosen.get("theme", ""),
        guarded="yes" if is_guarded else "",
        links="\n".join(links),
    )
    return page.encode()


@cache
def modules_of(path: str) -> tuple[str, ...]:
    """What the frame and a page import, and what that does."""
    listed = dict(LISTED.findall((STATIC / "pages.js").read_text()))
    found = [name for name in ("app.js", listed.get(path)) if name]
    for name in found:
        for imported in IMPORTED.findall((STATIC / name).read_text()):
            other = normpath(join(dirname(name), imported))
            if other not in found:
                found.append(other)
    return tuple(found)

"""The `files:` of a scenario: what is at the addresses that a client may send as FileUrl."""

import binascii
from base64 import b64decode
from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.knowledge.source import FileSection


def build_files(account: Account, sections: Sequence[FileSection]) -> None:
    """Place a scenario's files. ValueError(`<index>.<field>: what is wrong`) when one cannot be."""
    for index, section in enumerate(sections):
        if not section.url.startswith(("http://", "https://")):
            raise ValueError(f"{index}.url: begins with http:// or https://")
        try:
            b64decode(section.base64, validate=True)
        except binascii.Error:
            raise ValueError(f"{index}.base64: is no base64") from None
        account.remote_files[section.url] = section

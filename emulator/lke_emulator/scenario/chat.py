"""The `chat:` section of a scenario: rules that say what a model answers."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.models.rules import ChatRule, Rules


def build_chat(account: Account, rules: Sequence[ChatRule]) -> None:
    """ValueError names the place of what is wrong."""
    account.chat_rules = Rules(rules)

"""Which lines of usage a question is about."""

import msgspec

from lke_emulator.usage.line import Line

# Documented spellings of one value: the type list of some pages says `shared_knowlege`, one example says `KonwledgeQA`.
_SPELLINGS = {"shared_knowlege": "shared_knowledge", "konwledgeqa": "knowledgeqa"}


class Filter(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """Empty members do not filter (documented by example); a value that no line has matches nothing (inferred)."""

    sub_accounts: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    sub_scenes: tuple[str, ...] = ()
    sub_biz_types: tuple[str, ...] = ()
    """Any of these, as they are spelled in the ledger."""
    space: str = ""
    app_type: str = ""
    model: str = ""
    sub_biz_type: str = ""
    call_type: str = ""
    key: str = ""
    billing_tag: str = ""
    api: str = ""

    def matches(self, line: Line) -> bool:
        return (
            (not self.sub_accounts or line.sub_account in self.sub_accounts)
            and (not self.apps or line.app in self.apps)
            and (not self.sub_scenes or line.sub_scene in self.sub_scenes)
            and (not self.sub_biz_types or line.sub_biz_type in self.sub_biz_types)
            and (not self.space or line.space == self.space)
            and (not self.app_type or _plain(line.app_type) == _plain(self.app_type))
            and (not self.model or line.model == self.model)
            and (not self.sub_biz_type or _plain(line.sub_biz_type) == _plain(self.sub_biz_type))
            and (not self.call_type or line.call_type == self.call_type)
            and (not self.key or line.key == self.key)
            and (not self.billing_tag or line.billing_tag == self.billing_tag)
            and (not self.api or line.api == self.api)
        )


def _plain(value: str) -> str:
    """Case does not count in SubBizType: the pages of one product write `fileparse` and `FileParse` (TU-20)."""
    value = value.casefold()
    return _SPELLINGS.get(value, value)

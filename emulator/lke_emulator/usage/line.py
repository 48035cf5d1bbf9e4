"""One line of usage: who called what, on whose behalf."""

from typing import Annotated

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every call of one series has in common. Empty means that it does not apply."""

    sub_account: str = ""
    """The uin of whoever calls; empty, as in what a scenario describes without one, is the root."""
    space: str = ""
    app: str = ""
    """The AppBizId."""
    app_name: str = ""
    app_type: str = ""
    model: str = ""
    sub_biz_type: str = ""
    call_type: str = ""
    """Display text of the source of the call, such as `对话调用-分享用户端对话`."""
    sub_scene: str = ""
    key: Annotated[str, msgspec.Meta(pattern="^[0-9]*$")] = ""
    """The id of an API key, never the key."""
    billing_tag: str = ""
    api: str = ""
    """The action that a postpaid switch, a bill or a data report names."""

    @property
    def subject(self) -> str:
        """The model, or what was called where there is none."""
        return self.model or self.api or self.sub_biz_type

    def identity(self) -> tuple[str, ...]:
        """What seeds the noise: everything but the display name, so that renaming an app moves no figure."""
        return msgspec.structs.astuple(msgspec.structs.replace(self, app_name=""))

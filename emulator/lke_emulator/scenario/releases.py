"""The `releases` of a scenario's app: what of its knowledge went live, and when."""

from typing import Literal

from lke_emulator.account.account import Account
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.releases import Draft
from lke_emulator.knowledge.work import Work, finished
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.item import Setting
from lke_emulator.scenario.section import Moment, Section


class ReleaseSection(Section, frozen=True, kw_only=True):
    """A release of everything that was there at its moment."""

    at: Moment
    description: str = ""
    fails: Literal["", "audit", "release", "pause"] = ""
    """The stage at which it failed."""
    reason: str = ""
    """What is said of one that failed."""


def build_releases(value: int | list[ReleaseSection], app: App, setting: Setting, at: Place) -> None:
    """So many, the last one now; or those that are written."""
    if isinstance(value, int):
        lived = max(0.0, setting.now - app.created)
        for place in range(1, value + 1):
            moment = app.created + lived * place / value
            declare_release(app, setting, moment, "" if value == 1 else f"Release {place}", finished(moment))
        return
    before = 0.0
    for i, section in enumerate(value):
        moment = float(setting.moment(section.at, at / i / "at"))
        if moment < before:
            raise (at / i / "at").wrong("this is before the release above it")
        before = moment
        work = Work(moment, moment, (), section.fails, section.reason) if section.fails else finished(moment)
        declare_release(app, setting, moment, section.description, work)


def declare_release(app: App, setting: Setting, moment: float, description: str, work: Work) -> None:
    account = setting.account
    account.releases.declare(app.biz_id, draft_at(account, app, moment), description, account.uin, work)


def draft_at(account: Account, app: App, moment: float) -> Draft:
    """What a release at that moment would have looked at."""
    draft = account.draft(app, account.clock.now())
    return draft._replace(
        documents={id: each for id, each in draft.documents.items() if each.created <= moment},
        qas=[each for each in draft.qas if each.created <= moment],
        rejected=draft.rejected,
    )

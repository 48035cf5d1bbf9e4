"""Apps against a small model: however lke and adp take turns in making, changing, releasing and deleting them, they agree."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract_tests.account.emulated import SCENARIO
from contract_tests.lke.asked import asked
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import restore, save
from lke_emulator.knowledge.configuration import PATTERNS
from lke_emulator.protocol.errors import ApiError
from lke_emulator.scenario.load import world_of_text

WORDS = st.text("abc 灯塔é", min_size=1, max_size=6)
MODES = st.integers(1, len(PATTERNS))
PAGE = {"PageNumber": 1, "PageSize": 100}
BASE = {"Avatar": "https://a.example.com/a.png"}


def refused(account: Account, key: str, **params: Any) -> str:
    with pytest.raises(ApiError) as caught:
        asked(account, key, **params)
    return caught.value.code


class AppLife(RuleBasedStateMachine):
    """The model: id -> how its draft is set up, in the order in which they were made."""

    @initialize()
    def begin(self) -> None:
        world = world_of_text(SCENARIO, "scenario.yaml")
        self.account = next(iter(world.accounts.values()))
        for row in asked(self.account, "lke.ListApp", **PAGE)["List"]:
            asked(self.account, "lke.DeleteApp", AppBizId=row["AppBizId"], AppType=row["AppType"])
        self.drafts: dict[str, dict[str, Any]] = {}
        self.live: dict[str, list[dict[str, Any]]] = {}
        """Id -> what each release made live."""
        self.gone: dict[str, str] = {}
        """Id -> AppKey."""

    def drawn(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.drafts)))

    @precondition(lambda self: len(self.drafts) < 4)
    @rule(name=WORDS, mode=MODES)
    def create_by_lke(self, name: str, mode: int) -> None:
        base = {**BASE, "Name": name, "Desc": "by lke"}
        pattern = PATTERNS[mode - 1]
        made = asked(self.account, "lke.CreateApp", AppType="knowledge_qa", BaseConfig=base, Pattern=pattern)
        self.drafts[made["AppBizId"]] = {"name": name, "description": "by lke", "mode": mode, "greeting": ""}

    @precondition(lambda self: len(self.drafts) < 4)
    @rule(name=WORDS, mode=MODES)
    def create_by_adp(self, name: str, mode: int) -> None:
        id = asked(self.account, "adp.CreateApp", SpaceId="lab", Name=name, AppMode=mode, **BASE)["AppId"]
        self.drafts[id] = {"name": name, "description": "", "mode": mode, "greeting": ""}

    @precondition(lambda self: 0 < len(self.drafts) < 4)
    @rule(data=st.data())
    def copy_app(self, data: st.DataObject) -> None:
        id = self.drawn(data)
        made = asked(self.account, "adp.CopyApp", AppId=id)["NewAppId"]
        shown = asked(self.account, "adp.DescribeApp", AppId=made)["App"]["Metadata"]
        assert self.drafts[id]["name"] in shown["Name"]
        self.drafts[made] = {**self.drafts[id], "name": shown["Name"]}

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), name=WORDS, greeting=WORDS)
    def modify_by_lke(self, data: st.DataObject, name: str, greeting: str) -> None:
        id = self.drawn(data)
        draft = self.drafts[id]
        config = {"KnowledgeQa": {"Greeting": greeting}}
        base = {**BASE, "Name": name, "Desc": "changed"}
        asked(self.account, "lke.ModifyApp", AppBizId=id, AppType="knowledge_qa", BaseConfig=base, AppConfig=config)
        draft |= {"name": name, "description": "changed", "greeting": greeting}

    @precondition(lambda self: self.drafts)
    @rule(
        data=st.data(),
        name=WORDS,
        mode=MODES,
        paths=st.sets(st.sampled_from(["Name", "Description", "AppMode", "Config.Greeting.Greeting"])),
    )
    def modify_by_adp(self, data: st.DataObject, name: str, mode: int, paths: set[str]) -> None:
        """What the mask does not name stays as it was."""
        id = self.drawn(data)
        said = {"Name": name, "Description": name, "AppMode": mode, "Config": {"Greeting": {"Greeting": name}}}
        mask = {"Paths": sorted(paths)}
        asked(self.account, "adp.ModifyApp", AppId=id, UpdateMask=mask, **said)
        for path in paths:
            member = {"AppMode": "mode", "Config.Greeting.Greeting": "greeting"}.get(path, path.lower())
            self.drafts[id][member] = mode if member == "mode" else name

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), product=st.sampled_from(["lke", "adp"]))
    def release(self, data: st.DataObject, product: str) -> None:
        id = self.drawn(data)
        self.account.clock.advance(100)
        asked(self.account, f"{product}.CreateRelease", **{"BotBizId" if product == "lke" else "AppId": id})
        if id not in self.live:
            assert refused(self.account, "lke.DescribeApp", AppBizId=id, AppType="", IsRelease=True)
        self.account.clock.advance(100)
        self.live.setdefault(id, []).append(dict(self.drafts[id]))

    @precondition(lambda self: any(len(releases) > 1 for releases in self.live.values()))
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from([id for id, releases in self.live.items() if len(releases) > 1]))
        self.account.clock.advance(100)
        rows = asked(self.account, "adp.DescribeReleaseList", AppId=id)["ReleaseList"]
        asked(self.account, "adp.RollbackRelease", AppId=id, ReleaseId=rows[-1]["ReleaseId"])
        self.account.clock.advance(100)
        self.live[id].append(self.live[id][0])

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), product=st.sampled_from(["lke", "adp"]))
    def delete(self, data: st.DataObject, product: str) -> None:
        id = self.drawn(data)
        self.gone[id] = asked(self.account, "lke.GetAppSecret", AppBizId=id)["AppKey"]
        if product == "lke":
            asked(self.account, "lke.DeleteApp", AppBizId=id, AppType="knowledge_qa")
        else:
            asked(self.account, "adp.DeleteApp", AppId=id)
        del self.drafts[id]
        self.live.pop(id, None)

    @rule(seconds=st.integers(0, 10**6))
    def go_on(self, seconds: int) -> None:
        self.account.clock.advance(seconds)

    @rule()
    def come_from_a_snapshot(self) -> None:
        self.account = restore(save(self.account))

    @invariant()
    def both_list_them(self) -> None:
        newest = list(reversed(self.drafts))
        listed = asked(self.account, "lke.ListApp", **PAGE)
        assert [row["AppBizId"] for row in listed["List"]] == newest
        assert int(listed["Total"]) == len(newest)
        found = [
            row
            for space in ("lab", "annex")
            for row in asked(self.account, "adp.DescribeAppSummaryList", SpaceId=space, PageSize=100)["AppSummaryList"]
        ]
        assert [row["AppId"] for row in found] == newest
        for mine, theirs in zip(listed["List"], found, strict=True):
            draft = self.drafts[mine["AppBizId"]]
            assert mine["Name"] == theirs["Name"] == draft["name"]
            assert mine["Desc"] == theirs["Description"] == draft["description"]
            assert theirs["AppMode"] == draft["mode"]
            assert mine["Pattern"] == PATTERNS[draft["mode"] - 1]
            assert mine["AppStatus"] == theirs["Status"]["Status"] == (2 if mine["AppBizId"] in self.live else 1)

    @invariant()
    def both_describe_them(self) -> None:
        for id, draft in self.drafts.items():
            assert self.described(id, False) == draft
            if id in self.live:
                assert self.described(id, True) == self.live[id][-1]
            else:
                assert refused(self.account, "lke.DescribeApp", AppBizId=id, AppType="", IsRelease=True)
                assert refused(self.account, "adp.DescribeApp", AppId=id, Domain=2)

    def described(self, id: str, is_release: bool) -> dict[str, Any]:
        mine = asked(self.account, "lke.DescribeApp", AppBizId=id, AppType="", IsRelease=is_release)
        theirs = asked(self.account, "adp.DescribeApp", AppId=id, Domain=1 + is_release)["App"]
        base, about = mine["BaseConfig"], theirs["Metadata"]
        assert (base["Name"], base["Desc"]) == (about["Name"], about["Description"])
        greeting: str = mine["AppConfig"]["KnowledgeQa"]["Greeting"]
        assert theirs["Config"]["Greeting"]["Greeting"] == greeting
        return {
            "name": base["Name"],
            "description": base["Desc"],
            "mode": about["AppMode"],
            "greeting": greeting,
        }

    @invariant()
    def keys_open_their_apps(self) -> None:
        keys = {}
        for id in self.drafts:
            secret = asked(self.account, "lke.GetAppSecret", AppBizId=id)
            assert secret["IsRelease"] == (id in self.live)
            assert asked(self.account, "adp.DescribeApp", AppId=id)["App"]["SecretInfo"]["AppKey"] == secret["AppKey"]
            keys[secret["AppKey"]] = id
            found = asked(self.account, "lke.DescribeRobotBizIDByAppKey", AppKey=secret["AppKey"])
            assert found["BotBizId"] == id
        assert len(keys) == len(self.drafts)

    @invariant()
    def what_is_deleted_is_gone(self) -> None:
        for id, key in list(self.gone.items())[-2:]:
            assert refused(self.account, "lke.DescribeApp", AppBizId=id, AppType="") == "FailedOperation"
            assert refused(self.account, "adp.DescribeApp", AppId=id) == "ResourceNotFound"
            assert refused(self.account, "lke.DescribeRobotBizIDByAppKey", AppKey=key) == "FailedOperation"


AppLife.TestCase.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
TestAppLife = AppLife.TestCase

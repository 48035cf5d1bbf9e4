"""What differs between two configurations of an app, item by item, as a release tells it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lke_emulator.knowledge.configuration import Configuration

OFF, ON = "关闭", "开启"
STREAM, NOT_STREAM = "流式输出", "非流式输出"
FLEXIBILITY = {1: "已采纳答案直接回复", 2: "已采纳答案润色回复"}
"""Documented by example."""


class ConfigChange(NamedTuple):
    item: str
    before: str
    after: str
    content: str = ""
    """What is shown in place of the value."""


def member(*path: str) -> Callable[[Configuration], Any]:
    """Of AppConfig.KnowledgeQa."""

    def found(configuration: Configuration) -> Any:
        value: Any = configuration.qa
        for name in path:
            value = (value or {}).get(name)
        return value

    return found


def search(kind: str, name: str) -> Callable[[Configuration], Any]:
    return lambda configuration: configuration.search(kind).get(name)


def switch(read: Callable[[Configuration], Any]) -> Callable[[Configuration], str]:
    return lambda configuration: ON if read(configuration) else OFF


def text(read: Callable[[Configuration], Any]) -> Callable[[Configuration], str]:
    def shown(configuration: Configuration) -> str:
        value = read(configuration)
        return "" if value is None else str(value)

    return shown


def number(read: Callable[[Configuration], Any]) -> Callable[[Configuration], str]:
    return lambda configuration: str(read(configuration) or 0)


ITEMS: dict[str, Callable[[Configuration], str]] = {
    "应用名称": lambda configuration: configuration.name,
    "头像": lambda configuration: configuration.avatar,
    "应用描述": lambda configuration: configuration.description,
    "应用模式": lambda configuration: configuration.pattern,
    "欢迎语": text(member("Greeting")),
    "角色描述": text(member("RoleDescription")),
    "生成模型": text(member("Model", "Name")),
    "思考模型": text(member("ThoughtModel", "Name")),
    "输出方式": lambda configuration: NOT_STREAM if member("Output", "Method")(configuration) == 2 else STREAM,
    "通用模型回复开关": switch(member("Output", "UseGeneralKnowledge")),
    "默认问题回复": text(member("Output", "BareAnswer")),
    "问答最大召回数量": number(search("qa", "QaTopN")),
    "回复灵活度": lambda configuration: FLEXIBILITY.get(search("qa", "ReplyFlexibility")(configuration), ""),
    "知识来源问答配置": switch(search("qa", "IsEnabled")),
    "知识来源任务流程配置": switch(search("taskflow", "IsEnabled")),
    "文档最大召回数量": number(search("doc", "DocTopN")),
    "知识来源文档配置": switch(search("doc", "IsEnabled")),
    "联网搜索配置": switch(search("search", "IsEnabled")),
    "上下文指代轮次": number(member("Model", "HistoryLimit")),
}
"""Names as in the documented example, and others like them (inferred)."""
NOTHING = Configuration(
    name="",
    members={"KnowledgeQa": {"Output": {"Method": 2}, "Search": [{"Type": "qa", "ReplyFlexibility": 2}]}},
    pattern="",
)
"""What stood before the first release (documented by example)."""
OTHERS = "其他配置"
ICON_CHANGED = "应用图标变更"
"""Documented by example."""


def config_changes(before: Configuration | None, after: Configuration) -> list[ConfigChange]:
    """Every item that differs; what has no name of its own is told as one."""
    if before is not None and before == after:
        return []
    old = before or NOTHING
    rows = []
    for item, shown in ITEMS.items():
        was, now = shown(old), shown(after)
        if was != now:
            rows.append(ConfigChange(item, was, now, ICON_CHANGED if item == "头像" else ""))
    return rows or [ConfigChange(OTHERS, "", "", OTHERS)]

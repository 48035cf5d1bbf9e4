"""How an app's answers came about, in adp's members: the same counts as lke's GetAnswerTypeDataCount."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.products import action
from lke_emulator.products.adp.apps import check_space, found_app
from lke_emulator.products.adp.usage import time_range
from lke_emulator.products.lke.messages import answer_counts

RAG = 1
"""The only AppType that is served (documented)."""
APP_VIEW = 3
"""ViewType (documented)."""
NAMES = {
    "ModelReplyCount": "大模型直接回复",
    "KnowledgeCount": "问答直接回复",
    "TaskFlowCount": "工作流回复",
    "SearchEngineCount": "搜索引擎回复",
    "ImageUnderstandingCount": "图片理解回复",
    "RejectCount": "拒答问题回复",
    "SensitiveCount": "审核失败回复",
    "ConcurrentLimitCount": "并发超限回复",
    "UnknownIssuesCount": "兜底回复",
}
"""Counts of lke -> ReplyName; the texts are those that adp's definition lists."""


@action("adp.DescribeAppStatisticsOverview")
def describe_app_statistics_overview(call: Call) -> dict[str, Any]:
    """Times and successes are of the dialogues of which there are records; usage of a scenario has none."""
    app, params = found_app(call), call.params
    check_space(call)
    if params["AppType"] != RAG:
        raise invalid("AppType", f"must be 1, not {params['AppType']}")
    if params["ViewScope"]["ViewType"] != APP_VIEW:
        raise invalid("ViewScope.ViewType", f"must be 3, not {params['ViewScope']['ViewType']}")
    start, stop = time_range(call)
    asked = call._replace(params={"StartTime": start, "EndTime": stop - 1, "AppBizId": [app.biz_id]})
    counts = answer_counts(asked)
    total = counts["Total"]
    records = list(call.account.conversations.answers(start, stop, [app.biz_id]))
    ended = [record for record in records if record.status == "success"]
    return {
        "AvgFirstTokenTime": mean([record.first for record in ended]),
        "AvgTotalTokenTime": mean([record.elapsed for record in ended]),
        "CallSuccessRate": round(100 * len(ended) / len(records), 2) if records else 0,
        "ReplyTypeDistributionList": [
            {
                "ReplyName": name,
                "CallCount": str(counts.get(count, 0)),
                "Percentage": round(100 * counts.get(count, 0) / total, 2) if total else 0,
            }
            for count, name in NAMES.items()
        ],
        "TotalCallCount": str(total),
    }


def mean(milliseconds: list[int]) -> str:
    return str(sum(milliseconds) // len(milliseconds)) if milliseconds else "0"

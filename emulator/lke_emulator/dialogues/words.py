"""Titles and states as the product words them: Chinese in the mainland, English on the international host (observed)."""

from lke_emulator.dialogues.procedure import TITLES, Procedure
from lke_emulator.dialogues.said import Said

Pair = tuple[str, str]
"""Chinese and English."""
SUCCEEDED: Pair = ("请求成功", "Request Succeeded")
QUESTION: Pair = ("用户提问", "User Question")
REPLYING: Pair = ("回复中", "Replying")
REPLIED: Pair = ("回复完成", "Reply Completed")
STOPPED: Pair = ("已停止", "Stopped")
FAILED: Pair = ("回复失败", "Reply Failed")
THOUGHT: Pair = ("思考", "Thinking")
THINKING: Pair = ("思考中", "Thinking")
THOUGHT_THROUGH: Pair = ("思考完成", "Thinking Completed")
TOOL: Pair = ("工具执行", "Tool Call")
TOOL_DONE: Pair = ("工具执行完成", "Tool Call Completed")
PLAN: Pair = ("任务规划", "Plan")
RECOMMENDED: Pair = ("推荐问题", "Recommended Questions")
MESSAGES: dict[str, Pair] = {
    "question": QUESTION,
    "thought": THOUGHT,
    "tool_call": TOOL,
    "plan": PLAN,
    "recommendation": RECOMMENDED,
}
"""Titles of messages that bring none of their own (observed of the first four, the others say the same of theirs)."""
STATES: dict[str, Pair] = {"processing": REPLYING, "success": REPLIED, "stop": STOPPED, "failed": FAILED}
STEPS: dict[tuple[str, str], Pair] = {
    ("thought", "processing"): THINKING,
    ("thought", "success"): THOUGHT_THROUGH,
    ("tool_call", "processing"): TOOL,
    ("tool_call", "success"): TOOL_DONE,
}
"""What states are called of what is no reply; a question that was taken is 回复完成 too (documented example)."""
NOTHING: Pair = ("", "")
INTERNATIONAL = ".tencentcloud.com", ".intl.tencentcloudapi.com"


def say(pair: Pair, language: str) -> str:
    return pair[1] if language == "en-US" else pair[0]


def step(procedure: Procedure, language: str) -> str:
    return say(TITLES[procedure.name], language)


def title_of(message: Said, language: str) -> str:
    return message.title or say(MESSAGES.get(message.type, NOTHING), language)


def state_of(message: Said, language: str) -> str:
    return say(STEPS.get((message.type, message.status)) or STATES[message.status], language)


def language_of(host: str, asked: str, otherwise: str) -> str:
    """What the query asks for, else the language of the host, else the assumption's."""
    if asked:
        return "en-US" if asked.lower().startswith("en") else "zh-CN"
    return "en-US" if host.partition(":")[0].endswith(INTERNATIONAL) else otherwise

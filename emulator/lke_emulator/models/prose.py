"""What a model says when no scenario tells it: a short answer about the words of the question, in its language.

Everything depends on the text and a seed, a large whole number, alone.
"""

import re
from collections.abc import Sequence

from lke_emulator.models.rewrite import EN_EMPTY, WORDS, ZH, ZH_ASKING

READ = 2000
"""Characters of a question that are looked at for its topics."""
TOPICS = 3
TOPIC_SIZE = 24
QUOTED = 200
"""Characters of a tool's result that are repeated."""
ZH_EMPTY = re.compile(f"{ZH_ASKING.pattern}|一下|一个|一些|介绍|解释|说明|帮我|给我|[的了和与在有我你您请写]|[^\\w]+")

EN = {
    "opening": (
        "You asked about {0}. Here is what matters most.",
        "Let us go through {0} step by step.",
        "On {0}, the short answer is that it depends on what you need it for.",
    ),
    "point": (
        "With {0}, begin with the simplest case and add to it.",
        "Look at {0} on its own first, and at how it touches the rest afterwards.",
        "Most questions about {0} come down to one figure: find it before you decide.",
        "As for {0}, a small example says more than a long rule.",
    ),
    "closing": (
        "Tell me more about {0}, and the answer can be more exact.",
        "That is {0} in brief.",
        "Ask again if {0} is still unclear.",
    ),
    "thought": (
        "The question is about {0}. What is known about it, and what is asked?",
        "First {0}, then whatever else was named, and the answer should stay short.",
    ),
    "result": ("According to the result: {0}", "The call returned: {0}"),
    "refusal": ("The content may be unsafe and is not answered.",),
    "clarifying": ("Which of these do you mean?",),
    "further": ("What else is there to know about {0}?", "Is there an example of {0}?", "What does {0} cost?"),
}
ZH_PHRASES = {
    "opening": (
        "关于“{0}”，最重要的有以下几点。",
        "下面一步一步说明“{0}”。",
        "“{0}”要看用在什么地方，简单来说如下。",
    ),
    "point": (
        "就“{0}”而言，可以先从最简单的情形入手，再逐步补充。",
        "先单独看“{0}”，再看它与其他部分的关系。",
        "与“{0}”有关的问题，多半取决于一个关键数字，应当先把它找出来。",
        "对于“{0}”，一个小例子胜过一长串规则。",
    ),
    "closing": (
        "如果再多说一些“{0}”的情况，回答可以更具体。",
        "以上就是“{0}”的要点。",
        "如果“{0}”还有不清楚的地方，请继续提问。",
    ),
    "thought": (
        "这个问题与“{0}”有关。已知什么，要回答的又是什么？",
        "先说“{0}”，再说其余提到的内容，回答要简短。",
    ),
    "result": ("根据返回的结果：{0}", "调用的结果是：{0}"),
    "refusal": ("内容可能存在风险，无法回答。",),
    "clarifying": ("您想了解的是以下哪一项？",),
    "further": ("关于“{0}”还需要了解什么？", "能举一个“{0}”的例子吗？", "“{0}”如何收费？"),
}


def topics(text: str) -> list[str]:
    """Up to three different things that the text names; if it names none, its beginning."""
    text = text[:READ]
    if ZH.search(text):
        found = [part for part in ZH_EMPTY.split(text) if len(part) > 1]
    else:
        found = [word for word in WORDS.findall(text) if len(word) > 2 and word.lower() not in EN_EMPTY]
    cut = [topic[:TOPIC_SIZE] for topic in found or [" ".join(text.split())] if topic]
    return list(dict.fromkeys(cut))[:TOPICS] or ["…"]


def say(kind: str, about: Sequence[str], seed: int, chinese: bool) -> list[str]:
    """One sentence about each, no two alike."""
    options = (ZH_PHRASES if chinese else EN)[kind]
    first = seed >> len(kind)
    return [options[(first + place) % len(options)].format(topic) for place, topic in enumerate(about)]


def joined(sentences: Sequence[str], chinese: bool) -> str:
    return ("" if chinese else " ").join(sentences)


def answer(text: str, seed: int) -> str:
    about, chinese = topics(text), ZH.search(text) is not None
    sentences = [
        *say("opening", about[:1], seed, chinese),
        *say("point", about, seed, chinese),
        *say("closing", about[-1:], seed, chinese),
    ]
    return joined(sentences, chinese)


def thought(text: str, seed: int) -> str:
    """The chain of thought before an answer."""
    chinese = ZH.search(text) is not None
    return joined(say("thought", topics(text)[:2], seed, chinese), chinese)


def report(result: str, text: str, seed: int) -> str:
    """The answer to `text` from what a tool returned."""
    chinese = ZH.search(text) is not None
    return joined(say("result", [result[:QUOTED]], seed, chinese), chinese)


def moderated(text: str) -> str:
    """What stands in place of an answer that moderation stops; the cloud's own words are not public (assumption)."""
    return joined(say("refusal", [""], 0, ZH.search(text) is not None), True)


def clarifying(text: str) -> str:
    """What is asked back about a question that can mean several things."""
    return say("clarifying", [""], 0, ZH.search(text) is not None)[0]


def further(text: str) -> list[str]:
    """Three questions to go on with."""
    return say("further", (topics(text) * TOPICS)[:TOPICS], 0, ZH.search(text) is not None)

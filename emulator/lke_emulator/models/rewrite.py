"""A question that stands alone: the last one of a dialogue, completed with what the questions before it were about.

No model: fixed rules for Chinese and English. A pronoun gives way to the topic; a question that names nothing of its
own has the topic added; every other question stays as it is.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from lke_emulator.models.rerank import CJK

ZH = re.compile(f"[{CJK}]")
ZH_ASKING = re.compile(
    "请问|你好|您好|谢谢|是什么|什么是|是谁|谁是|什么时候|为什么|什么|哪里|哪个|哪些|哪儿"
    "|怎么样|怎样|怎么|如何|多少|几个|能否|是否|可以|谁|吗|呢|吧|啊|呀"
)
ZH_PRONOUN = re.compile("它们|他们|她们|它|这个|那个|该产品|前者|后者|(?<!其)其(?![他它中实])")
ZH_FOLLOW_UP = re.compile("^(那么|那|然后|还有|另外|以及)[,，]?")
ZH_SHORT = 8
"""Characters; a longer question without a pronoun is taken for complete."""

EN_PRONOUN = re.compile(r"\b(its|their|it|they|them|this one|that one)\b", re.IGNORECASE)
EN_FOLLOW_UP = re.compile(r"^(and|what about|how about|but|so)\b", re.IGNORECASE)
EN_SHORT = 3
"""Words with a meaning of their own; a question with more of them is taken for complete."""
EN_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an the of for to in on at by with from as is are was were be been do does did can could will would should
        may might must have has had i you he she we me my your our what which who whom whose when where why how and or
        but so about hello hi hey thanks thank ok much many any some there here please tell explain describe it its
        they them their this that these those one""",
    )
)
WORDS = re.compile(r"\w+(?:['.-]\w+)*")
ENDING = " \t\r\n.。!！?？…"


def rewrite(questions: Sequence[str]) -> str:
    """The last question, made to stand alone; `questions` are the user's, oldest first."""
    last = questions[-1].strip()
    for earlier in reversed(questions[:-1]):
        completed = in_chinese(last, earlier) if ZH.search(last) else in_english(last, earlier)
        if completed is not None:
            return completed
    return last


def in_chinese(last: str, earlier: str) -> str | None:
    """The question completed from an earlier one, unchanged when it lacks nothing; None when that one has no topic."""
    about = topic(earlier)
    name = about.removesuffix("在").removesuffix("是").removesuffix("的")
    if not name:
        return None
    if ZH_PRONOUN.search(last):
        return ZH_PRONOUN.sub(lambda found: name, last, count=1)
    whole = last.rstrip(ENDING)
    bare = ZH_FOLLOW_UP.sub("", whole)
    if name in last or (len(bare) > ZH_SHORT and bare == whole):
        return last
    return f"{about.removesuffix('是')}{bare}{'？' if ZH_ASKING.search(bare) else last[len(whole) :]}"


def in_english(last: str, earlier: str) -> str | None:
    """As in_chinese."""
    name = topic(earlier)
    if not name:
        return None
    pronoun = EN_PRONOUN.search(last)
    if pronoun:
        owned = f"{name}'s" if pronoun[0].lower() in ("its", "their") else name
        return last[: pronoun.start()] + owned + last[pronoun.end() :]
    named = {word.lower() for word in WORDS.findall(last)} - EN_EMPTY
    if named & {word.lower() for word in WORDS.findall(name)} or (
        len(named) > EN_SHORT and not EN_FOLLOW_UP.match(last)
    ):
        return last
    whole = last.rstrip(ENDING)
    return f"{whole} for {name}{last[len(whole) :] or '?'}"


def topic(question: str) -> str:
    """Chinese without the words that ask; else the longest run of words with a meaning, the last of those as long."""
    if ZH.search(question):
        return ZH_ASKING.sub("", question.rstrip(ENDING)).strip(" ,，、")
    words = WORDS.findall(question)
    runs = (list(run) for full, run in groupby(words, key=lambda word: word.lower() not in EN_EMPTY) if full)
    best: list[str] = []
    for run in runs:
        best = run if len(run) >= len(best) else best
    return " ".join(best)

"""The turns of an app's conversations: as a scenario has written them out, or made up as it says."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from msgspec.structs import asdict

from lke_emulator.account.bots import bot_of
from lke_emulator.dialogues.bot import Bot
from lke_emulator.dialogues.channels import API, DEBUGGING, EVALUATION, SHARE, VISITOR
from lke_emulator.dialogues.msg_record import UNRATED
from lke_emulator.dialogues.rating import DISLIKED, LIKED, NONE
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.qas import Qa
from lke_emulator.models import prose
from lke_emulator.primitives.seeds import noise
from lke_emulator.scenario import moments
from lke_emulator.scenario.conversations import ConversationSection, ConversationsSection
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.item import MILLION, Setting
from lke_emulator.scenario.told import HOW, Chronicle, Told
from lke_emulator.usage.pace import DAY, HOUR

CHANNELS = {"visitor": VISITOR, "evaluation": EVALUATION, "api": API, "test": DEBUGGING, "share": SHARE}
SCORES = {"": NONE, "liked": LIKED, "disliked": DISLIKED}
TURNS = 4
"""Of a made-up conversation, at most."""
MORNING, LATER = 7 * HOUR, 9 * HOUR
"""Nobody asks at night: what would fall before seven is asked nine hours later."""
LONGEST = 900
"""Seconds of a made-up conversation."""
VARIANTS = 12
"""Answers of a model to the same question."""


def build_conversations(
    value: ConversationsSection | list[ConversationSection], app: App, setting: Setting, at: Place
) -> None:
    bot = bot_of(setting.account, app, app.draft, False, setting.now)
    chronicle = Chronicle(setting.account, app, bot.model, ("conversations", setting.topics.chance("conversations")))
    if isinstance(value, ConversationsSection):
        MadeUp(value, bot, setting, at).tell(chronicle)
    else:
        for i, section in enumerate(value):
            turns = list(written_out(section, setting, at / i))
            chronicle.converse(
                section.id or "", section.visitor or "", CHANNELS[section.channel], turns, section.metered
            )
    chronicle.close()


def written_out(section: ConversationSection, setting: Setting, at: Place) -> Iterator[Told]:
    moment = float(setting.moment(section.at, at / "at"))
    known = {qa.question: qa for qa in setting.account.qas.of(setting.base, setting.now)}
    for i, turn in enumerate(section.turns):
        place = at / "turns" / i
        if turn.at is not None:
            if turn.after is not None:
                raise (place / "after").wrong("`at` says when it was; leave one of the two out")
            moment = float(setting.moment(turn.at, place / "at"))
        else:
            moment += place.checked(moments.duration, turn.after or "1m") if i else 0
        if moment > setting.now:
            raise place.wrong("this is still to come")
        if turn.rating and HOW[turn.how].method in UNRATED:
            raise (place / "rating").wrong(f"an answer that is {turn.how} cannot be rated")
        qa = known.get(turn.question) if turn.how == "knowledge" else None
        answer = turn.answer or (qa.answer if qa else "")
        yield Told(moment, turn.question, answer, turn.how, qa, SCORES[turn.rating], turn.reasons, turn.feedback)


class MadeUp:
    """What a section leaves to be made up, each from its own place."""

    def __init__(self, section: ConversationsSection, bot: Bot, setting: Setting, at: Place) -> None:
        self.section = section
        self.bot = bot
        self.setting = setting
        self.begin = setting.moment(section.since or "-30d", at / "since")
        self.key = setting.topics.chance("messages")
        self.how = weighed(asdict(section.answers), at / "answers")
        self.channels = weighed(asdict(section.channels), at / "channels")
        self.qas = sorted(live_qas(setting), key=lambda qa: qa.created)
        self.created = [qa.created for qa in self.qas]
        self.rejected = [each.question for each in setting.account.rejected.of(setting.base).values()]

    def tell(self, chronicle: Chronicle) -> None:
        left, place = self.section.messages, 0
        while left:
            chance = noise(self.key, place)
            turns = min(left, 1 + chance % TURNS)
            began = self.moment(self.section.messages - left, chance)
            visitor = f"visitor-{1 + (chance >> 8) % self.section.visitors:04d}"
            channel = CHANNELS[by_weight(self.channels, chance >> 24)]
            step = (chance >> 40) % (LONGEST // TURNS)
            told = [self.turn(place, i, began + i * step, channel) for i in range(turns)]
            chronicle.converse("", visitor, channel, told)
            left, place = left - turns, place + 1

    def moment(self, before: int, chance: int) -> float:
        """When a conversation begins, before which so many questions were asked."""
        end = self.setting.now - LONGEST
        span = max(0.0, end - self.begin)
        moment = float(int(self.begin + span * (before + (chance >> 16) % 1000 / 1000) / self.section.messages))
        local = (moment + self.setting.account.zone) % DAY
        if local < MORNING and moment + LATER <= end:
            moment += LATER
        return min(moment, self.setting.now)

    def turn(self, place: int, index: int, moment: float, channel: int) -> Told:
        chance = noise(self.key ^ 1, place * TURNS + index)
        how, words = by_weight(self.how, chance), self.setting.topics.words
        known = bisect_right(self.created, moment)
        qa: Qa | None = None
        if how == "knowledge" and known:
            qa = self.qas[(chance >> 20) % known]
            question, answer = qa.questions[(chance >> 40) % len(qa.questions)], qa.answer
        else:
            asked = self.rejected if how == "reject" and self.rejected else words["chat"]
            question = asked[(chance >> 20) % len(asked)]
            answer = self.answer(how, question, chance >> 40)
        rating = NONE
        if HOW[how].method not in UNRATED and channel != EVALUATION:
            rating = self.rating(noise(self.key ^ 2, place * TURNS + index))
        reasons = (words["disliked"][chance % len(words["disliked"])],) if rating == DISLIKED else ()
        return Told(moment, question, answer, how, qa, rating, reasons)

    def answer(self, how: str, question: str, chance: int) -> str:
        match how:
            case "reject":
                return self.bot.refusal
            case "unknown_issues":
                return self.bot.bare_answer
            case "sensitive":
                return prose.moderated(question)
            case "concurrent_limit":
                return ""
        return spoken(question, chance % VARIANTS)

    def rating(self, chance: int) -> int:
        if chance % MILLION >= self.section.rated * MILLION:
            return NONE
        return LIKED if chance // MILLION % MILLION < self.section.liked * MILLION else DISLIKED


def live_qas(setting: Setting) -> Sequence[Qa]:
    live = setting.account.releases.live(setting.base, setting.now)
    return list(live.qas.values()) if live else ()


@lru_cache(1024)
def spoken(question: str, variant: int) -> str:
    return prose.answer(question, variant)


Weighed = list[tuple[int, str]]
"""Running sums, and what each is the end of."""


def weighed(weights: dict[str, int], at: Place) -> Weighed:
    names = [name for name, weight in weights.items() if weight]
    if not names:
        raise at.wrong("give at least one of them a weight above 0")
    return list(zip(accumulate(weights[name] for name in names), names, strict=True))


def by_weight(weights: Weighed, chance: int) -> str:
    at = chance % weights[-1][0]
    return next(name for end, name in weights if at < end)

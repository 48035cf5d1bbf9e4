"""How an app finds its answer: rejected questions, workflow or agents, Q&A, documents, the web, and at last its model.

The order is the documented one of a standard app. What a model says is what it says to a chat: a rule of the scenario, or a
seeded reply; after a search it is told what was found, as the result of a tool.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.bot import Bot, BotAgent, Finding, Findings, Library
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.procedure import Name, Passage, Procedure
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.said import Citation, Quote
from lke_emulator.dialogues.shows import cards, planned, recommended, shown_contents
from lke_emulator.dialogues.tool_calls import NOBODY, given, tool_call, tool_of
from lke_emulator.models import chat, prose
from lke_emulator.models.chat import Ask, Completion, Message, Speaker
from lke_emulator.models.rules import ChatRule
from lke_emulator.models.shown import METHODS, Shown
from lke_emulator.models.tokens import Rates

QA, SEGMENT, WEB = 1, 2, 4
"""Types of what a search finds (documented)."""
WEB_RESULTS = 3
INTENTS = 5
"""Questions in one question, at most (inferred)."""
RECOMMENDED = 3
"""Recommended questions (inferred)."""
ROUNDS = 10
"""How often a model is asked again after it had tools called."""
SENTENCE = re.compile(r"[^?？\n;；]+[?？]?")
UNRECOMMENDED = frozenset((msg_record.SENSITIVE, msg_record.REJECTED_QUESTION, msg_record.CLARIFICATION))
"""Answers after which nothing is recommended (inferred)."""


class Answering:
    """One question to one app."""

    def __init__(self, speaker: Speaker, bot: Bot, library: Library, question: Question, rates: Rates) -> None:
        self.speaker = speaker
        self.bot = bot
        self.library = library
        self.question = question
        self.rates = rates
        self.model = question.model or bot.model

    @cached_property
    def known(self) -> Findings:
        return self.library.ask(self.question.text, self.question.labels)

    def plan(self) -> Plan:
        plan = self.answered()
        if self.bot.recommends and plan.method not in UNRECOMMENDED and not plan.waits:
            return msgspec.structs.replace(
                plan, acts=[*plan.acts, Act(sayings=[recommended(self.recommendable(), self.bot.recommendation)])]
            )
        return plan

    def answered(self) -> Plan:
        question, bot = self.question, self.bot
        if self.known.rejected:
            return Plan(method=msg_record.REJECTED_QUESTION, acts=[said(bot.refusal)])
        if bot.pattern == "single_workflow" and bot.workflow and question.workflow != "disable":
            from lke_emulator.dialogues.flow import flow

            return flow(self, bot.workflow)
        if question.images:
            return self.from_model(msg_record.IMAGE, "image", self.ask())
        if question.documents:
            return self.from_documents()
        if bot.pattern == "agent":
            from lke_emulator.dialogues.agents import agents

            return agents(self)
        if question.multi_intent and len(intents := self.intents()) > 1:
            return self.from_intents(intents)
        return self.from_knowledge()

    # what it can be

    def intents(self) -> list[str]:
        """The questions in the question (inferred: what the cloud takes for an intent no document says)."""
        return [one.strip() for one in SENTENCE.findall(self.question.text) if one.strip()][:INTENTS]

    def from_intents(self, intents: Sequence[str]) -> Plan:
        """Each by itself, in a reply of its own."""
        plans = [
            Answering(
                self.speaker, self.bot, self.library, msgspec.structs.replace(self.question, text=one), self.rates
            ).single()
            for one in intents
        ]
        return Plan(method=msg_record.MULTI_INTENT, acts=[act for plan in plans for act in plan.acts])

    def single(self) -> Plan:
        """Of one question of several."""
        if self.known.rejected:
            return Plan(method=msg_record.REJECTED_QUESTION, acts=[said(self.bot.refusal)])
        return self.from_knowledge()

    def clarified(self) -> Plan | None:
        """What is asked back, where the app does so: about which of the things that a keyword of the question can mean."""
        bot, text = self.bot, self.question.text
        names = list(dict.fromkeys(one.name for one in (*self.known.questions, *self.known.segments) if one.name))
        if not bot.clarifies or len(names) < 2 or text in names:
            return None
        if bot.clarify_keywords and not any(keyword in text for keyword in bot.clarify_keywords):
            return None
        step = self.searched([*self.known.questions, *self.known.segments])
        asks = Saying(text=prose.clarifying(text), at_once=True, extra=[cards(names)])
        return Plan(method=msg_record.CLARIFICATION, acts=[step, Act(sayings=[asks])], option_cards=names)

    def recommendable(self) -> list[str]:
        """Questions to go on with: what else the knowledge answers, then what the words of the question are about."""
        near = [one.question for one in self.known.questions if one.question and one.question != self.question.text]
        return [*near, *prose.further(self.question.text)][:RECOMMENDED]

    def from_knowledge(self) -> Plan:
        """Of a standard app."""
        question, bot = self.question, self.bot
        questions = self.known.questions
        if (clarified := self.clarified()) is not None:
            return clarified
        if questions and not bot.polishes:
            best = questions[0]
            cited = self.cited([best])
            step = self.searched([best])
            return Plan(method=msg_record.ACCEPTED_QA, acts=[step, said(best.answer, references=cited, at_once=True)])
        found = questions or self.known.segments
        if found:
            method = msg_record.POLISHED if questions else msg_record.LLM
            return self.from_model(method, "large_language_model", self.ask(found), found, [self.searched(found)])
        looked = [Act(procedure=Procedure(name="knowledge", text=question.text))]
        if question.search_network == "enable" or (bot.searches_web and question.search_network != "disable"):
            pages = self.web()
            search = Act(procedure=Procedure(name="search_engine", text=question.text), internet=1)
            asked = self.ask(pages)
            return self.from_model(msg_record.SEARCH_ENGINE, "large_language_model", asked, pages, [*looked, search])
        if not bot.uses_general_knowledge:
            return Plan(method=msg_record.UNKNOWN_QUESTION, acts=[*looked, said(bot.bare_answer)])
        return self.from_model(msg_record.LLM, "large_language_model", self.ask(), (), looked)

    def from_documents(self) -> Plan:
        """Of the documents that came with the question."""
        found = [Finding(SEGMENT, name, 1.0, text=text) for name, text in self.question.documents]
        read = Act(procedure=Procedure(name="file", text=self.question.text, passages=passages(found)))
        return self.from_model(msg_record.REALTIME_DOCUMENT, "large_language_model", self.ask(found), (), [read])

    def from_model(
        self, method: int, name: Name, ask: Ask, found: Sequence[Finding] = (), before: Iterable[Act] = ()
    ) -> Plan:
        called, ask, completion = self.called(ask, NOBODY)
        act, is_evil = self.spoken(name, ask, completion, self.cited(found))
        shows = completion.shows
        if shows is not None and shows.method:
            method = METHODS[shows.method]
        return Plan(
            method=msg_record.SENSITIVE if is_evil else method,
            acts=[*before, *called, act],
            option_cards=shows.option_cards if shows is not None else (),
        )

    # of what it is made

    def ask(self, found: Sequence[Finding] = (), instructions: str = "", text: str = "", model: str = "") -> Ask:
        """The question as a model hears it: its role, what it remembers, the question, and what was found."""
        messages: list[Message] = []
        role = instructions or self.question.role or self.bot.role
        if role:
            messages.append(Message("system", role))
        messages += self.question.history
        messages.append(Message("user", text or self.question.text))
        if found:
            messages.append(Message("tool", "\n".join(one.text or one.answer for one in found)))
        return Ask(model=model or self.model, messages=messages, variant=self.question.variant)

    def complete(self, ask: Ask) -> Completion:
        rule = chat.rule_for(self.speaker, ask)
        return chat.completed(self.speaker, ask, self.rates, rule)

    def called(self, ask: Ask, agent: BotAgent) -> tuple[list[Act], Ask, Completion]:
        """The tools that the model wants called before it answers, and the answer to what they gave. A rule has its tools
        called once in a turn."""
        acts: list[Act] = []
        taken: list[ChatRule] = []
        while True:
            rule = chat.rule_for(self.speaker, ask)
            if rule is not None and rule.tool_calls and (rule in taken or len(taken) == ROUNDS):
                rule = None
            completion = chat.completed(self.speaker, ask, self.rates, rule)
            if rule is None or not completion.tool_calls:
                return acts, ask, completion
            taken.append(rule)
            thoughts = [text for text in (completion.reasoning, completion.content) if text]
            sayings = [Saying(type="thought", text=text, agent=agent.name, icon=agent.icon) for text in thoughts]
            acts.append(self.act("thinking_model", ask, completion, sayings, agent.name))
            results = []
            for call in completion.tool_calls:
                tool = tool_of(self.bot, agent, call.name)
                output = given(tool, self.question.text, self.speaker.seed, self.library)
                acts.append(tool_call(tool.name, tool.title or tool.name, call.arguments, output, agent, tool.fails))
                results.append(Message("tool", output))
            asked = Message("assistant", completion.content, completion.tool_calls)
            ask = msgspec.structs.replace(ask, messages=[*ask.messages, asked, *results])

    def around(self, completion: Completion, reply: Saying) -> list[Saying]:
        """The reply with what its rule shows, its plan and its chain of thought before it and what is recommended after it."""
        shows = completion.shows or Shown()
        sayings = [planned(shows.tasks, reply.agent, reply.icon)] if shows.tasks else []
        if completion.reasoning:
            thought = Saying(
                type="thought",
                text=completion.reasoning,
                agent=reply.agent,
                icon=reply.icon,
                is_sub_agent=reply.is_sub_agent,
            )
            sayings.append(thought)
        extra = [*reply.extra, *shown_contents(shows, self.speaker.ids)]
        sayings.append(msgspec.structs.replace(reply, extra=extra))
        return [*sayings, recommended(shows.recommended, self.bot.recommendation)] if shows.recommended else sayings

    def measured(self, ask: Ask, thought: str) -> Completion:
        """What a model thinks and nobody else says, with its tokens."""
        return chat.counted(ask, self.rates, Completion(reasoning=thought), None)

    def spoken(
        self, name: Name, ask: Ask, completion: Completion, references: Sequence[Citation] = ()
    ) -> tuple[Act, bool]:
        """What the model says, its chain of thought first; and whether moderation took its place."""
        is_evil = completion.finish_reason == "content_filter"
        quotes = () if is_evil else marks(completion.content, references)
        reply = Saying(
            text=completion.content, quotes=quotes, references=() if is_evil else references, at_once=is_evil
        )
        return self.act(name, ask, completion, self.around(completion, reply)), is_evil

    def act(self, name: Name, ask: Ask, completion: Completion, sayings: Sequence[Saying], agent: str = "") -> Act:
        """A call of a model."""
        system = ask.messages[0].content if ask.messages[0].role == "system" else ""
        variables = tuple(f"{name}:{value}" for name, value in self.question.variables.items())
        return Act(
            procedure=Procedure(
                name=name,
                model=ask.model,
                text=self.question.text,
                system=system,
                said=completion.content,
                variables=variables,
                agent=agent,
            ),
            model=ask.model,
            input=completion.input_tokens,
            output=completion.output_tokens,
            sayings=sayings,
            delay=completion.delay,
            delay_per_token=completion.delay_per_token,
            error=completion.error,
            cut_after=completion.cut_after,
        )

    def searched(self, found: Sequence[Finding]) -> Act:
        return Act(procedure=Procedure(name="knowledge", text=self.question.text, passages=passages(found)))

    def cited(self, found: Sequence[Finding]) -> list[Citation]:
        """What was found, with ids under which DescribeRefer tells it."""
        return [
            Citation(
                id=str(place) if one.type == WEB else self.speaker.ids.snowflake(),
                index=place,
                type=one.type,
                name=one.name,
                url=one.url,
                doc_id=one.doc_id,
                doc_name=one.doc_name,
                qa_id=one.qa_id,
                knowledge_id=one.knowledge_id,
                question=one.question,
                answer=one.answer,
                text=one.text,
                pages=one.pages,
                confidence=one.score,
            )
            for place, one in enumerate(found, 1)
        ]

    def web(self) -> list[Finding]:
        """Pages that a search of the web would find: made up, for nothing is fetched from the network."""
        from lke_emulator.primitives.seeds import number

        topics = prose.topics(self.question.text)
        pages = []
        for place in range(WEB_RESULTS):
            topic = topics[place % len(topics)]
            seed = number(self.speaker.seed, "web", self.question.text, place)
            url = f"https://www.example.com/{seed % 10**8:08d}"
            pages.append(Finding(WEB, topic, 1.0, text=prose.answer(topic, seed), url=url))
        return pages


def said(text: str, references: Sequence[Citation] = (), at_once: bool = True) -> Act:
    """What no model says."""
    return Act(sayings=[Saying(text=text, at_once=at_once, references=references)])


def passages(found: Sequence[Finding]) -> tuple[Passage, ...]:
    return tuple(Passage(one.type, one.text or f"{one.question}\n{one.answer}") for one in found)


def marks(text: str, references: Sequence[Citation]) -> list[Quote]:
    """At the end of the text a mark for each reference."""
    return [Quote(len(text), reference.index) for reference in references] if text else []

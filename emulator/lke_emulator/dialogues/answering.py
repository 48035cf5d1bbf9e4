"""How an app finds its answer: rejected questions, workflow or agents, Q&A, documents, the web, and at last its model.

The order is the documented one of a standard app. What a model says is what it says to a chat: a rule of the scenario, or a
seeded reply; after a search it is told what was found, as the result of a tool.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.bot import Bot, Finding, Findings, Library
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.procedure import Name, Passage, Procedure
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.said import Citation, Quote
from lke_emulator.models import chat
from lke_emulator.models.chat import Ask, Completion, Message, Speaker
from lke_emulator.models.tokens import Rates

QA, SEGMENT, WEB = 1, 2, 4
"""Types of what a search finds (documented)."""
WEB_RESULTS = 3


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
        return self.from_knowledge()

    # what it can be

    def from_knowledge(self) -> Plan:
        """Of a standard app."""
        question, bot = self.question, self.bot
        questions = self.known.questions
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
        completion = self.complete(ask)
        cited = self.cited(found)
        act, is_evil = self.spoken(name, ask, completion, cited)
        return Plan(method=msg_record.SENSITIVE if is_evil else method, acts=[*before, act])

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

    def measured(self, ask: Ask, thought: str) -> Completion:
        """What a model thinks and nobody else says, with its tokens."""
        return chat.counted(ask, self.rates, Completion(reasoning=thought), None)

    def spoken(
        self, name: Name, ask: Ask, completion: Completion, references: Sequence[Citation] = ()
    ) -> tuple[Act, bool]:
        """What the model says, its chain of thought first; and whether moderation took its place."""
        is_evil = completion.finish_reason == "content_filter"
        sayings = []
        if completion.reasoning:
            sayings.append(Saying(type="thought", text=completion.reasoning))
        quotes = () if is_evil else marks(completion.content, references)
        sayings.append(
            Saying(text=completion.content, quotes=quotes, references=() if is_evil else references, at_once=is_evil)
        )
        return self.act(name, ask, completion, sayings), is_evil

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
        from lke_emulator.models import prose
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

"""What of an app its answers depend on, and what it knows: as a dialogue or a run of its workflow sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.dialogues.bot import Bot, BotAgent, BotWorkflow, Finding, Findings
from lke_emulator.knowledge.agents import OF_APP
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.configuration import Configuration
from lke_emulator.knowledge.retrieval import QaHit, SegmentHit

PATTERNS = {"agent": "agent", "ClawAgent": "agent", "single_workflow": "single_workflow"}
PLAN_AND_EXECUTE = 3
"""AgentCollaboration (documented)."""
HISTORY = 5
"""HistoryLimit of the documented example."""
REFUSAL = "抱歉，这个问题我无法回答。"
BARE = "抱歉，我还没有学习到这个问题的答案。"
"""What an app says that was given no words for a rejected or an unknown question; the cloud's own are not public."""


def bot_of(account: Account, app: App, configuration: Configuration, draft: bool, now: float) -> Bot:
    qa = configuration.qa
    model, thought, output = (qa.get(name) or {} for name in ("Model", "ThoughtModel", "Output"))
    name = model.get("Name") or next(iter(account.models), "cs-normal")
    return Bot(
        app=app.biz_id,
        name=configuration.name,
        avatar=configuration.avatar,
        space=app.space,
        type=app.type,
        owner=app.creator or account.uin,
        is_draft=draft,
        pattern=PATTERNS.get(configuration.pattern, "standard"),  # type: ignore[arg-type]
        model=name,
        thought_model=thought.get("Name") or name,
        role=qa.get("RoleDescription") or "",
        greeting=qa.get("Greeting") or "",
        refusal=REFUSAL,
        bare_answer=output.get("BareAnswer") or BARE,
        uses_general_knowledge=output.get("UseGeneralKnowledge", True) is not False,
        polishes=configuration.search("qa").get("ReplyFlexibility") == 2,
        searches_web=configuration.search("search").get("IsEnabled") is True,
        recommends=output.get("UseRecommended") is True,
        recommendation=account.assumptions.v2_recommendation,
        clarifies=output.get("UseQuestionClarify") is True,
        clarify_keywords=tuple(output.get("QuestionClarifyKeywords") or ()),
        plans=(qa.get("Agent") or {}).get("AgentCollaboration") == PLAN_AND_EXECUTE,
        interrupts=interrupts(account, configuration),
        history=history_of(model),
        streams=output.get("Method") != 2,
        agents=agents_of(account, app),
        workflow=workflow_of(account, app, qa, now),
    )


def agents_of(account: Account, app: App) -> tuple[BotAgent, ...]:
    """Those of the scenario, with what their tools give; else those that were made since, the main one first."""
    declared = account.crews.get(app.biz_id)
    if declared is not None:
        return declared
    made = [agent for agent in account.agents.of(app.biz_id).values() if agent.kind == OF_APP]
    return tuple(
        BotAgent(
            name=agent.name,
            icon=agent.profile.get("IconUrl") or "",
            instructions=agent.spec.get("Instructions") or "",
            model=(agent.spec.get("Model") or {}).get("ModelId") or "",
        )
        for agent in sorted(made, key=lambda agent: agent.role)
    )


def interrupts(account: Account, configuration: Configuration) -> bool:
    experience = (configuration.others.get("Experience") or {}).get("Conversation") or {}
    is_on = experience.get("EnableNewMessageInterrupt") is True
    return is_on and account.assumptions.new_message_interrupts == "stop"


def history_of(model: Mapping[str, Any]) -> int:
    if model.get("IsUseContext") is False:
        return 0
    limit = model.get("HistoryLimit")
    return HISTORY if limit is None else int(limit)


def workflow_of(account: Account, app: App, qa: Mapping[str, Any], now: float) -> BotWorkflow | None:
    """What the scenario says the workflow does; of another one of a single-workflow app what every such does."""
    declared = account.workflows.get(app.biz_id)
    if declared is not None:
        return declared
    told = qa.get("SingleWorkflow") or {}
    if qa.get("Pattern") != "single_workflow" and not told:
        return None
    return BotWorkflow(
        id=told.get("WorkflowId") or f"{app.biz_id}-workflow",
        name=told.get("WorkflowName") or app.name,
        description=told.get("WorkflowDesc") or "",
        released=int(now),
        is_async=bool(told.get("AsyncWorkflow")),
    )


class Shelves:
    """The knowledge of an app, as one visitor sees it at a moment."""

    def __init__(
        self, account: Account, app: App, draft: bool, visitor: Mapping[str, Sequence[str]], now: float
    ) -> None:
        self.account = account
        self.app = app
        self.draft = draft
        self.visitor = visitor
        self.now = now

    def prepare(self) -> Iterator[None]:
        return self.account.retrieval.prepare(self.app, self.now, released=not self.draft)

    def ask(self, question: str, labels: Mapping[str, Sequence[str]]) -> Findings:
        found = self.account.retrieval.ask(
            self.app, question, self.now, released=not self.draft, visitor={**self.visitor, **labels}
        )
        return Findings(
            found.rejected is not None,
            [of_qa(hit) for hit in found.qas],
            [of_segment(hit) for hit in found.segments],
        )

    def page(self, text: str) -> str:
        """A file of the scenario whose address the text names: nothing is fetched from the network."""
        files = self.account.remote_files.items()
        found = next((file.content for url, file in files if url in text and file.content), b"")
        return found.decode("utf-8", "replace")


def of_qa(hit: QaHit) -> Finding:
    qa = hit.qa
    return Finding(
        1,
        qa.question,
        hit.confidence,
        question=qa.question,
        answer=qa.answer,
        qa_id=qa.id,
        doc_id=qa.document,
        knowledge_id=qa.base,
    )


def of_segment(hit: SegmentHit) -> Finding:
    document, segment = hit.document, hit.segment
    return Finding(
        2,
        document.shown_name,
        hit.confidence,
        text=segment.titled(document.shown_name),
        doc_id=document.id,
        doc_name=document.shown_name,
        knowledge_id=document.base,
        url=document.web_url,
        pages=segment.pages,
    )

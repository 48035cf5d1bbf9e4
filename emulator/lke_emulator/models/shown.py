"""What an answer shows beside its text: forms to fill in, choices, tasks, questions to go on with.

Only the dialogue endpoints have a place for it; to every other endpoint the answer is its text.
"""

from typing import Annotated, Literal

import msgspec

Words = Annotated[str, msgspec.Meta(min_length=1)]
Method = Literal[
    "", "global_intervention", "clarification", "multi_intent", "plan_preview", "plan_result", "structured_output"
]
"""Ways in which an answer can have come about that nothing else brings forth (documented: ReplyMethod)."""
METHODS: dict[str, int] = {
    "global_intervention": 8,
    "clarification": 15,
    "multi_intent": 19,
    "plan_preview": 21,
    "plan_result": 22,
    "structured_output": 23,
}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the options of a question."""

    label: Words
    """What is chosen, and said as the answer."""
    description: str = ""
    """What it means."""


class FormQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question of a form."""

    question: Words
    """What is asked."""
    multiple: bool = False
    """Whether several can be chosen."""
    required: bool = True
    """Whether one has to be chosen."""
    options: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=1)]
    """What can be chosen."""


class Questionnaire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A form whose answers are labels."""

    title: str = ""
    """What it is about."""
    questions: Annotated[tuple[FormQuestion, ...], msgspec.Meta(min_length=1)]
    """What it asks, in this order."""


class Widget(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that a page draws, and that tells what was done to it."""

    id: Words
    """WidgetId."""
    view: str = ""
    """What it looks like, as JSON."""
    state: str = ""
    """What it holds, as JSON."""


class FileCollection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Files that are asked for."""

    most: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """MaxFileCount."""
    types: tuple[Words, ...] = ()
    """SupportedFileTypes, such as pdf."""


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an answer shows beside its text, or in place of it."""

    method: Method = ""
    """How the answer came about. Left out: as the app has it."""
    tasks: tuple[Words, ...] = ()
    """A plan, told before the answer."""
    option_cards: tuple[Words, ...] = ()
    """What can be said next."""
    several: bool = False
    """Whether several of the option cards can be chosen."""
    questionnaire: Questionnaire | None = None
    """A form to fill in."""
    widget: Widget | None = None
    """Something to draw."""
    files: FileCollection | None = None
    """Files to send."""
    recommended: tuple[Words, ...] = ()
    """Questions to go on with, told after the answer."""

"""What an answer shows beside its text, as the cloud's Contents."""

from collections.abc import Iterator, Sequence

from lke_emulator.dialogues.bot import Recommendation
from lke_emulator.dialogues.plan import Saying
from lke_emulator.dialogues.said import Content
from lke_emulator.models.shown import FileCollection, Questionnaire, Shown, Widget
from lke_emulator.primitives.ids import Ids

SINGLE, MULTIPLE = 1, 2
"""Type of a questionnaire's question (documented)."""
PENDING = "pending"
"""Status of a task that nobody has begun (documented of messages)."""


def shown_contents(shown: Shown, ids: Ids) -> Iterator[Content]:
    """What stands in the reply itself, after its text."""
    if shown.option_cards:
        yield cards(shown.option_cards, shown.several)
    if shown.questionnaire is not None:
        yield {"Type": "questionnaire", "Questionnaire": form(shown.questionnaire)}
    if shown.widget is not None:
        yield widget(shown.widget, ids)
    if shown.files is not None:
        yield collection(shown.files)


def cards(texts: Sequence[str], several: bool = False) -> Content:
    return {"Type": "option_cards", "OptionCards": list(texts), "OptionMode": int(several)}


def form(asked: Questionnaire) -> Content:
    questions = [
        {
            "Index": place,
            "Question": one.question,
            "Type": MULTIPLE if one.multiple else SINGLE,
            "Required": one.required,
            "Options": [{"Label": each.label, "Description": each.description} for each in one.options],
        }
        for place, one in enumerate(asked.questions)
    ]
    return {"Title": asked.title, "Questions": questions, "Answers": []}


def widget(shown: Widget, ids: Ids) -> Content:
    """Each time that it is shown it has a run of its own, which what is done to it names."""
    members = {"WidgetId": shown.id, "WidgetRunId": ids.request_id(), "State": shown.state, "View": shown.view}
    return {"Type": "widget", "Widget": {**members, "Position": 0}}


def collection(asked: FileCollection) -> Content:
    return {
        "Type": "file_collection",
        "FileCollection": {"MaxFileCount": asked.most, "SupportedFileTypes": list(asked.types)},
    }


def planned(tasks: Sequence[str], agent: str = "", icon: str = "") -> Saying:
    """The plan of an answer; its tasks are as far as the answer is."""
    told = [{"Index": str(place), "Content": task, "Status": PENDING} for place, task in enumerate(tasks, 1)]
    return Saying(type="plan", agent=agent, icon=icon, extra=[{"Type": "tasks", "Tasks": told}])


def recommended(questions: Sequence[str], form: Recommendation) -> Saying:
    if form == "text":
        return Saying(type="recommendation", text="\n".join(questions), at_once=True)
    return Saying(type="recommendation", extra=[cards(questions)])

"""The `replies` of a scenario's account: canned replies, checked against the shapes of their action."""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta

from lke_emulator.account.replies import ErrorReply, Reply
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import refusal
from lke_emulator.protocol.spec import Action, spec
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.mismatch import nearest
from lke_emulator.scenario.section import Section

SAID = ("result", "error", "events")
"""What a reply can be; it is one of them."""


class ReplySection(Section, frozen=True, kw_only=True):
    """A canned reply, for what no model of usage can give."""

    action: str
    """The product and the action, such as lke.DescribeTokenUsageGraph."""
    match: dict[str, Any] = {}
    """The reply is given when every member here is in the request with this very value; nothing here: always."""
    exact: bool = False
    """Whether the request may have no other member."""
    result: dict[str, Any] | None = None
    """The members of the reply without RequestId; members left out are zero, empty or null."""
    error: ErrorReply | None = None
    """In place of a result: the call is refused."""
    events: list[dict[str, Any]] | None = None
    """In place of a result: the frames of a stream."""
    times: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """How often it is given, before the next one that fits is; 0 is without end."""
    delay: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    """Seconds before it is given."""
    recorded: dict[str, Any] = {}
    """What `lke-emulator record` notes of when and how it was asked; it changes nothing."""


def action_of(key: str, at: Place) -> Action:
    """An action by `product.Action`."""
    known = spec().by_key
    if key not in known:
        raise at.wrong(f"`{key}` is no action; {nearest(key, known)}")
    return known[key]


def build_replies(sections: Sequence[ReplySection], at: Place) -> dict[str, tuple[Reply, ...]]:
    replies: dict[str, tuple[Reply, ...]] = {}
    for i, section in enumerate(sections):
        found = action_of(section.action, at / i / "action")
        check_match(found, section.match, at / i / "match")
        given = [name for name in SAID if getattr(section, name) is not None]
        if len(given) != 1:
            raise (at / i).wrong(
                f"a reply has either {', '.join(SAID[:-1])} or {SAID[-1]}; this has {' and '.join(given) or 'none'}"
            )
        if section.result is not None:
            check_result(found, section.result, at / i / "result")
        said = section.result, section.exact, section.error, section.events
        one = Reply(section.match, *said, section.times, section.delay)
        replies[found.key] = (*replies.get(found.key, ()), one)
    return replies


def check_match(action: Action, match: dict[str, Any], at: Place) -> None:
    """Its members must be of the request; it need not have all of them."""
    for problem in shapes.problems(action.request, match):
        if problem.reason != "missing":
            raise at.inside(problem.path).wrong(refusal(problem.reason, **problem.facts).message("en-US"))
    for name, value in match.items():
        if value is None:
            raise (at / name).wrong("a request without this member has no null; leave it out")


def check_result(action: Action, result: dict[str, Any], at: Place) -> None:
    try:
        shapes.encode(action.response, result)
    except shapes.WrongReply as error:
        path, _, what = str(error).partition(": ")
        _, _, inner = path.partition(".")
        raise (at.inside(inner) if inner else at).wrong(what) from None

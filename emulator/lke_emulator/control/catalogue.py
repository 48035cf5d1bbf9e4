"""The actions of all three products as a person looks them up: what they do, what they take, examples that fit an account."""

from functools import cache
from typing import Any

import msgspec

from lke_emulator.control.table import ControlCall, route
from lke_emulator.products.example import example_reply, example_request, made_up
from lke_emulator.protocol.glossary import Words, glossary, known_values, meaning, reachable, words_of
from lke_emulator.protocol.spec import Action, Member, Shape, spec


class CatalogueRow(msgspec.Struct, frozen=True, kw_only=True):
    action: str
    product: str
    version: str
    about: Words
    """What it does, in English and Chinese."""
    members: tuple[str, ...]
    """The names of all members in its request and its reply."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    actions: tuple[CatalogueRow, ...]


class ShapeMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    type: str
    """A scalar (string, int64, uint64, float, bool), or a name in `shapes`."""
    many: bool = False
    required: bool = False
    """A request without it is refused."""
    nullable: bool = False
    disabled: bool = False
    """Deprecated, and still accepted."""
    about: Words | None = None
    values: dict[str, Words] = {}
    """Known values, written as text, with what they stand for; any other is taken, too."""


class ActionShape(msgspec.Struct, frozen=True, kw_only=True):
    action: str
    product: str
    version: str
    about: Words
    request: str
    """The name of its shape."""
    response: str
    shapes: dict[str, tuple[ShapeMember, ...]]
    """Those of request and reply, and all that are in them."""


class ActionExample(msgspec.Struct, frozen=True, kw_only=True):
    request: dict[str, Any]
    made_up: tuple[str, ...]
    """Members of the request that name what this account has not: a document, a task."""
    response: dict[str, Any]


@route("GET", "/catalogue")
def catalogue(call: ControlCall) -> Catalogue:
    """Every signed action with what it does and the names of its members."""
    return whole_catalogue()


@route("GET", "/catalogue/{action}")
def action_shape(call: ControlCall) -> ActionShape:
    """The request and the reply of one action, written as lke.CreateQA."""
    return shape_of(asked_for(call))


@route("GET", "/accounts/{uin}/examples/{action}")
def action_example(call: ControlCall) -> ActionExample:
    """A request that this account could send, and a made-up reply of the right shape."""
    action = asked_for(call)
    params = example_request(action, call.account)
    return ActionExample(
        request=params,
        made_up=made_up(action, call.account),
        response=example_reply(action, params, call.account),
    )


def asked_for(call: ControlCall) -> Action:
    """LookupError where there is none."""
    action = spec().by_key.get(call.names["action"])
    if action is None:
        raise LookupError(f"there is no action {call.names['action'][:80]}; they are written as lke.CreateQA")
    return action


@cache
def whole_catalogue() -> Catalogue:
    abouts = glossary().actions
    return Catalogue(
        actions=tuple(
            CatalogueRow(
                action=action.name,
                product=action.product,
                version=action.version,
                about=abouts[action.key],
                members=words_of(action),
            )
            for action in spec().by_key.values()
        )
    )


@cache
def shape_of(action: Action) -> ActionShape:
    return ActionShape(
        action=action.name,
        product=action.product,
        version=action.version,
        about=glossary().actions[action.key],
        request=action.request.name,
        response=action.response.name,
        shapes={
            shape.name: tuple(member_row(shape, member) for member in shape.members.values())
            for shape in reachable(action.request, action.response)
        },
    )


def member_row(shape: Shape, member: Member) -> ShapeMember:
    return ShapeMember(
        name=member.name,
        type=member.type,
        many=member.many,
        required=member.needed,
        nullable=member.nullable,
        disabled=member.disabled,
        about=meaning(shape, member),
        values=dict(known_values(shape, member)),
    )

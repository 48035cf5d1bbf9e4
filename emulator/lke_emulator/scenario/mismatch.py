"""Where and why a document is not what its type says, in words. Walked only when msgspec has refused the document."""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import inspect

from lke_emulator.primitives.closeness import closest
from lke_emulator.scenario.document import Place, ScenarioError, scalar
from lke_emulator.scenario.section import Text

WORDS: dict[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.ListType: "a list",
    inspect.VarTupleType: "a list",
    inspect.DictType: "a mapping",
    inspect.StructType: "a mapping",
    inspect.NoneType: "nothing",
}
EMPTY = "this is empty; leave the key out where nothing is meant"
NUMBERS = (inspect.IntType, inspect.FloatType)
SCALARS: dict[type[inspect.Type], tuple[type, ...]] = {
    inspect.StrType: (str,),
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
    inspect.BoolType: (bool,),
    inspect.NoneType: (type(None),),
    inspect.CustomType: (str, int),
    inspect.ListType: (list,),
    inspect.VarTupleType: (list,),
    inspect.DictType: (dict,),
    inspect.StructType: (dict,),
}


def mismatch(at: Place, kind: inspect.Type) -> ScenarioError | None:
    """The first thing in the document at this place that does not fit; None when all does."""
    if isinstance(kind, inspect.UnionType):
        return in_union(at, kind)
    if isinstance(kind, inspect.LiteralType):
        return in_literal(at, kind)
    if isinstance(kind, inspect.AnyType):
        return None
    value: Any = at.value
    if not fits(value, kind):
        return at.wrong(f"{in_words(value)} stands here, where {needed(kind)} is needed" + hint(value, kind))
    match kind:
        case inspect.StructType():
            return in_struct(at, kind)
        case inspect.ListType() | inspect.VarTupleType():
            return out_of_length(at, kind) or first(mismatch(at / i, kind.item_type) for i in range(len(value)))
        case inspect.DictType():
            return first(mismatch(at / key, kind.value_type) for key in value)
        case inspect.IntType() | inspect.FloatType():
            return out_of_range(at, kind)
        case inspect.CustomType() if value == "":
            return at.wrong(EMPTY)
        case inspect.CustomType(cls=text) if issubclass(text, Text) and not re.fullmatch(text.form, str(value)):
            return at.wrong(f"`{value}` stands here, where {needed(kind)} is needed")
        case inspect.StrType() if value == "" and kind.min_length:
            return at.wrong(EMPTY)
        case inspect.StrType() if kind.pattern and not re.search(kind.pattern, value):
            return at.wrong(f"`{value}` does not have the form {kind.pattern}")
    return None


def first(found: Iterable[ScenarioError | None]) -> ScenarioError | None:
    return next(filter(None, found), None)


def fits(value: Any, kind: inspect.Type) -> bool:
    """Whether the value is of the kind at all; what is in it, is looked at later."""
    return isinstance(value, SCALARS[type(kind)]) and isinstance(value, bool) <= isinstance(kind, inspect.BoolType)


def in_struct(at: Place, kind: inspect.StructType) -> ScenarioError | None:
    fields = {field.encode_name: field for field in kind.fields}
    keys: list[str] = list(at.value)
    known = [*filter(None, [kind.tag_field]), *fields]
    for key in keys:
        if key not in known:
            return (at / key).wrong(f"nothing is called so here; {nearest(key, known)}")
    for name, field in fields.items():
        if field.required and name not in at.value:
            return at.wrong(f"`{name}` is missing; it is {needed(field.type)}")
    return first(mismatch(at / name, field.type) for name, field in fields.items() if name in at.value)


def in_union(at: Place, kind: inspect.UnionType) -> ScenarioError | None:
    tagged = {each.tag: each for each in kind.types if isinstance(each, inspect.StructType) and each.tag is not None}
    if tagged and isinstance(at.value, dict):
        return in_tagged(at, tagged)
    for each in kind.types:
        if isinstance(each, inspect.LiteralType) and isinstance(at.value, str):
            return in_literal(at, each)
        if not isinstance(each, inspect.LiteralType) and fits(at.value, each):
            return mismatch(at, each)
    return at.wrong(f"{in_words(at.value)} stands here, where {needed(kind)} is needed")


def in_tagged(at: Place, tagged: dict[Any, inspect.StructType]) -> ScenarioError | None:
    name = next(iter(tagged.values())).tag_field or ""
    if name not in at.value:
        return at.wrong(f"`{name}` is missing; it is one of {', '.join(tagged)}")
    tag = at.value[name]
    if not isinstance(tag, str) or tag not in tagged:
        return (at / name).wrong(f"{in_words(tag)} is unknown; {nearest(str(tag), tagged)}")
    return in_struct(at, tagged[tag])


def in_literal(at: Place, kind: inspect.LiteralType) -> ScenarioError | None:
    if isinstance(at.value, (str, int)) and at.value in kind.values and not isinstance(at.value, bool):
        return None
    return at.wrong(
        f"{in_words(at.value)} is unknown; {nearest(str(at.value), [str(value) for value in kind.values if value != ''])}"
    )


def out_of_length(at: Place, kind: inspect.ListType | inspect.VarTupleType) -> ScenarioError | None:
    least, most, length = kind.min_length or 0, kind.max_length, len(at.value)
    if least <= length and (most is None or length <= most):
        return None
    bound = str(least) if least == most else f"at least {least}" if length < least else f"at most {most}"
    return at.wrong(f"there {'is' if length == 1 else 'are'} {length} here, where {bound} must be")


def out_of_range(at: Place, kind: inspect.IntType | inspect.FloatType) -> ScenarioError | None:
    if kind.ge is not None and at.value < kind.ge:
        return at.wrong(f"{in_words(at.value)} is too small; the least is {kind.ge}")
    if kind.gt is not None and at.value <= kind.gt:
        return at.wrong(f"{in_words(at.value)} is too small; it must be above {kind.gt}")
    if kind.le is not None and at.value > kind.le:
        return at.wrong(f"{in_words(at.value)} is too much; the most is {kind.le}")
    return None


def needed(kind: inspect.Type) -> str:
    match kind:
        case inspect.UnionType():
            return " or ".join(
                dict.fromkeys(needed(each) for each in kind.types if not isinstance(each, inspect.NoneType))
            )
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.CustomType(cls=text) if issubclass(text, Text):
            return text.meaning
    return WORDS[type(kind)]


def in_words(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text `{value[:60]}`"
        case int() | float():
            return f"the number {str(value)[:60]}"
    return "a list" if isinstance(value, list) else "a mapping"


def hint(value: Any, kind: inspect.Type) -> str:
    if isinstance(value, str) and isinstance(scalar(value), (int, float)) and isinstance(kind, NUMBERS):
        return "; leave out the quotes"
    if isinstance(value, (int, float)) and isinstance(kind, (inspect.StrType, inspect.CustomType)):
        return "; put it in quotes"
    return "; leave the key out where nothing is meant" if value is None else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean ...?`, or all that is known where nothing is near."""
    names = list(known)
    near = closest(name, names, 1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known: {', '.join(names[:30])}{', ...' if len(names) > 30 else ''}" if names else "there is none"

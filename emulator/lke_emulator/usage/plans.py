"""What a series was made of: the function that made it and what it was given, as a struct that can be written down."""

import types
from collections.abc import Callable, Container, Iterable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar, get_args, get_origin, get_type_hints
from weakref import WeakValueDictionary

import msgspec

P = ParamSpec("P")
S = TypeVar("S")

PLANS: dict[type[msgspec.Struct], Callable[[Any], Any]] = {}
"""A struct for each function -> what makes the series again."""
_known: WeakValueDictionary[msgspec.Struct, Any] = WeakValueDictionary()


def planned(make: Callable[P, S]) -> Callable[P, S]:
    """Of what it was given a series remembers, as `plan`, a struct that has the function's parameters as they are annotated.

    So these are what JSON can hold, and sequences of such: a plan can be hashed.
    """
    parameters = signature(make).parameters
    hints = get_type_hints(make)
    several = [name for name in parameters if get_origin(hints[name]) in (Sequence, Iterable)]
    hints |= {name: types.GenericAlias(tuple, (*get_args(hints[name]), ...)) for name in several}
    fields = [
        (name, hints[name], msgspec.NODEFAULT if one.default is Parameter.empty else one.default)
        for name, one in parameters.items()
    ]
    plan = msgspec.defstruct(
        make.__name__.capitalize(),
        fields,
        tag_field="kind",
        tag=make.__name__,
        frozen=True,
        kw_only=True,
        cache_hash=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
    )
    build: Callable[..., Any] = make

    def made(one: msgspec.Struct) -> Any:
        series = build(**{name: getattr(one, name) for name in parameters})
        series.plan = one
        _known[one] = series
        return series

    @wraps(make)
    def remembering(*args: P.args, **settings: P.kwargs) -> S:
        given: dict[str, Any] = dict(zip(parameters, args, strict=False)) | settings
        series: S = made(plan(**given | {name: tuple(given[name]) for name in several if name in given}))
        return series

    PLANS[plan] = made
    return remembering


def made_of(plan: msgspec.Struct, but: Container[int] = ()) -> Any:
    """The series of a plan: one that some account has, for they never change, but none of these ids; else a new one."""
    series = _known.get(plan)
    return PLANS[type(plan)](plan) if series is None or id(series) in but else series

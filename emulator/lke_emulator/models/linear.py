"""Regular expressions that nobody vouches for, found in a number of steps that is known beforehand.

`re` tries one way after the other in which a pattern could fit, and there can be more of them than anybody can wait for.
Here all ways are followed at once (Thompson). Each single step, such as a set of characters or a word boundary, is judged by
`re` itself. What cannot be followed so is refused: references back to a group, atomic groups, possessive repeats.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

READ = 20_000
"""Characters of a text that are looked at."""
LONGEST = 10_000
"""Characters of a pattern; to read more of them takes long by itself."""
SIZE = 2_000
"""Steps of a pattern, with everything that is repeated written out."""
WORK = 300_000
"""Steps of one search, unless it may have less."""
SINGLE = frozenset(("LITERAL", "NOT_LITERAL", "ANY", "IN"))


class TooMuch(Exception):
    """A search that takes more steps than it may."""


class Step(NamedTuple):
    """Where one can stand in a pattern. With a `test` it takes a character, with `holds` it takes none."""

    then: list[int]
    test: "re.Pattern[str] | None" = None
    holds: "re.Pattern[str] | Look | None" = None


class Look(NamedTuple):
    """What must be found (or must not) on one side of a place."""

    entry: int
    ahead: bool
    wanted: bool


class Linear:
    """A pattern. ValueError for what is none, or cannot be followed."""

    def __init__(self, pattern: str) -> None:
        self._steps: list[Step] = [Step([])]
        self._size = 0
        try:
            parsed = as_read(pattern)
            self._entry = self._sequence(parsed, 0, parsed.state.flags, False)
        except (re.error, OverflowError) as error:
            raise ValueError(f"{pattern[:80]!r} is not a pattern: {error}") from None
        except RecursionError:
            raise ValueError(f"{pattern[:80]!r} is nested too deep") from None

    def found_in(self, text: str, work: int = WORK) -> bool:
        """Whether it is found in the text's beginning; what takes more steps than `work` counts as not found."""
        search = Search(self._steps, text[:READ], work)
        try:
            return any(True for _ in search.ends(self._entry, False))
        except TooMuch:
            return False

    def _sequence(self, nodes: Any, then: int, flags: int, backwards: bool) -> int:
        """The step at which the nodes begin that end before `then`; built from their end, the other way round backwards."""
        for operation, argument in nodes if backwards else reversed(list(nodes)):
            then = self._node(str(operation), argument, then, flags, backwards)
        return then

    def _node(self, operation: str, argument: Any, then: int, flags: int, backwards: bool) -> int:
        self._size += 1
        if self._size > SIZE:
            raise ValueError(f"the pattern has more than {SIZE} steps with its repeats written out")
        match operation:
            case "AT":
                return self._step(Step([then], holds=single(operation, argument, flags)))
            case "ASSERT" | "ASSERT_NOT":
                side, nodes = argument
                look = Look(self._sequence(nodes, 0, flags, side > 0), side > 0, operation == "ASSERT")
                return self._step(Step([then], holds=look))
            case "BRANCH":
                return self._step(Step([self._sequence(each, then, flags, backwards) for each in argument[1]]))
            case "SUBPATTERN":
                _, added, removed, nodes = argument
                return self._sequence(nodes, then, (flags | added) & ~removed, backwards)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, nodes = argument
                return self._repeat(least, most, nodes, then, flags, backwards)
            case _ if operation in SINGLE:
                return self._step(Step([then], test=single(operation, argument, flags)))
        raise ValueError(f"a pattern cannot have {operation.lower().replace('_', ' ')} here")

    def _repeat(self, least: int, most: Any, nodes: Any, then: int, flags: int, backwards: bool) -> int:
        from re import _constants  # type: ignore[attr-defined]

        entry = then
        if most is _constants.MAXREPEAT:
            entry = self._step(Step([then]))
            self._steps[entry].then.append(self._sequence(nodes, entry, flags, backwards))
        else:
            for _ in range(int(most) - least):
                self._size += 1
                entry = self._step(Step([self._sequence(nodes, entry, flags, backwards), then]))
        for _ in range(least):
            self._size += 1
            entry = self._sequence(nodes, entry, flags, backwards)
        return entry

    def _step(self, step: Step) -> int:
        self._steps.append(step)
        if len(self._steps) > SIZE:
            raise ValueError(f"the pattern has more than {SIZE} steps with its repeats written out")
        return len(self._steps) - 1


def as_read(pattern: str) -> Any:
    """A pattern as `re` reads it. What it warns of, such as a bracket in a set, is whoever wrote the pattern's affair."""
    from re import _parser  # type: ignore[attr-defined]

    if len(pattern) > LONGEST:
        raise ValueError(f"the pattern has more than {LONGEST} characters")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _parser.parse(pattern)


def single(operation: str, argument: Any, flags: int) -> "re.Pattern[str]":
    """One step as a pattern of its own."""
    from re import _compiler, _constants, _parser  # type: ignore[attr-defined]

    state = _parser.State()
    state.str = ""
    state.flags = flags
    pattern: re.Pattern[str] = _compiler.compile(
        _parser.SubPattern(state, [(getattr(_constants, operation), argument)]), flags
    )
    return pattern


class Search:
    """One text, and what was found in it."""

    def __init__(self, steps: Sequence[Step], text: str, work: int) -> None:
        self._steps = steps
        self._text = text
        self._looked: dict[Look, set[int]] = {}
        self._tested: dict[tuple[int, str], bool] = {}
        self._left = work

    def ends(self, entry: int, backwards: bool) -> Iterator[int]:
        """The places at which a match ends that begins anywhere; read backwards, those at which one begins."""
        text, last = self._text, 0 if backwards else len(self._text)
        standing: set[int] = set()
        for place in range(len(text), -1, -1) if backwards else range(len(text) + 1):
            standing.add(entry)
            reached = self._reached(standing, place)
            if 0 in reached:
                yield place
            if place != last:
                character = text[place - 1 if backwards else place]
                standing = {self._steps[step].then[0] for step in reached if self._takes(step, character)}

    def _reached(self, standing: set[int], place: int) -> set[int]:
        """All steps that can be stood at without another character."""
        reached: set[int] = set()
        waiting = list(standing)
        while waiting:
            number = waiting.pop()
            if number in reached:
                continue
            reached.add(number)
            step = self._steps[number]
            if step.test is None and (step.holds is None or self._holds(step.holds, place)):
                waiting += step.then
        self._left -= len(reached)
        if self._left < 0:
            raise TooMuch
        return reached

    def _takes(self, number: int, character: str) -> bool:
        known = self._tested.get((number, character))
        if known is None:
            test = self._steps[number].test
            known = self._tested[number, character] = test is not None and test.match(character) is not None
        return known

    def _holds(self, condition: "re.Pattern[str] | Look", place: int) -> bool:
        if isinstance(condition, re.Pattern):
            return condition.match(self._text, place) is not None
        if condition not in self._looked:
            self._looked[condition] = set(self.ends(condition.entry, condition.ahead))
        return (place in self._looked[condition]) == condition.wanted


@lru_cache(256)
def linear(pattern: str) -> Linear:
    return Linear(pattern)

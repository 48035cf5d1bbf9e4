"""The variables of apps: those of calls, of the environment, of the app and of the system."""

import re
from collections.abc import Mapping

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.refusals import check_length, failed, invalid
from lke_emulator.primitives.ids import Ids

API, ENVIRONMENT, APP, SYSTEM = 0, 1, 2, 3
"""VarModuleType (documented)."""
TYPES = (
    "STRING",
    "INT",
    "FLOAT",
    "BOOL",
    "OBJECT",
    "ARRAY_STRING",
    "ARRAY_INT",
    "ARRAY_FLOAT",
    "ARRAY_BOOL",
    "ARRAY_OBJECT",
    "FILE",
    "DOCUMENT",
    "IMAGE",
    "AUDIO",
)
"""VarType (documented), in the order of adp's numbers."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
DESCRIPTION_LENGTH = 120
"""Documented, as the name's form is."""
SYSTEM_VARIABLES = {
    "SYS.UserQuery": "本轮对话内容",
    "SYS.ChatHistory": "对话历史",
    "SYS.CurrentTime": "当前时间",
    "SYS.UserId": "用户ID",
}
"""Name -> description; the first is documented."""


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    base: str
    """The app."""
    id: str
    name: str
    description: str = ""
    type: str = "STRING"
    value: str = ""
    """By default."""
    file_name: str = ""
    module: int = API
    endpoints: tuple[str, ...] | None = None
    """Which may ask for it; None is any."""
    in_sandbox: bool = False
    """Whether code that an app runs has it."""


class DebugContext(msgspec.Struct, frozen=True):
    """What the variables of an app are while somebody tries its workflow out."""

    app: str
    session: str
    user: str
    values: dict[str, str]
    """By the variables' ids."""


class Variables:
    class State(msgspec.Struct, frozen=True):
        variables: tuple[Variable, ...]
        contexts: tuple[DebugContext, ...] = ()

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._kept: Collection[Variable] = Collection("variable")
        self._contexts: dict[tuple[str, str, str], DebugContext] = {}
        """By app, session and user, the latest last."""

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()), tuple(self._contexts.values()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.variables)
        for context in state.contexts:
            self.debug(context)

    def forget(self, base: str) -> None:
        self._kept.forget(base)
        for key in [key for key in self._contexts if key[0] == base]:
            del self._contexts[key]

    def of(self, base: str) -> Mapping[str, Variable]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def find(self, base: str, id: str) -> Variable:
        return self._kept.find(base, id)

    def create(self, variable: Variable) -> Variable:
        """A refusal for a name that is taken, or members that cannot be."""
        self._check(variable)
        made = msgspec.structs.replace(variable, id=self._ids.request_id())
        self._kept.put(made)
        return made

    def change(self, variable: Variable) -> None:
        """Put it in place of what it was."""
        self._check(variable)
        self._kept.put(variable)

    def delete(self, variable: Variable) -> None:
        self._kept.remove(variable)

    def debug(self, context: DebugContext) -> None:
        """In place of what the user of that session said before."""
        key = context.app, context.session, context.user
        self._contexts.pop(key, None)
        self._contexts[key] = context

    def debugged(self, app: str, user: str) -> dict[str, str]:
        """Name -> value, as the user said it last; of variables that are still there."""
        contexts = [each for each in self._contexts.values() if (each.app, each.user) == (app, user)]
        known = self._kept.of(app)
        return {known[id].name: value for each in contexts[-1:] for id, value in each.values.items() if id in known}

    def _check(self, variable: Variable) -> None:
        if not NAME.fullmatch(variable.name):
            raise invalid("VarName", "must begin with a letter and have at most 50 letters, digits and underscores")
        check_length("VarDesc", variable.description, DESCRIPTION_LENGTH, least=0)
        if variable.type not in TYPES:
            raise invalid("VarType", f"must be one of {', '.join(TYPES)}, not {variable.type}")
        if variable.module not in (API, ENVIRONMENT, APP, SYSTEM):
            raise invalid("VarModuleType", f"must be from 0 to 3, not {variable.module}")
        for each in self._kept.of(variable.base).values():
            if each.name == variable.name and each.module == variable.module and each.id != variable.id:
                raise failed(f"there is a variable {variable.name} already")

"""Names that can be searched: what is called alike is the same thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "emulator" / "lke_emulator"
ALIKE = {"main", "serve", "copied", "failure", "read"}
"""Functions that several files have because each does there what it does elsewhere: a world served, records copied, an
error as its surface writes it, a document read."""


def definitions(
    kind: type[ast.ClassDef] | type[ast.FunctionDef] | type[ast.AsyncFunctionDef],
) -> Iterator[tuple[str, str]]:
    """The names of a kind that modules define, each with its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, kind):
                yield node.name, path.relative_to(PACKAGE).as_posix()


def by_name(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name, file in pairs:
        found[name].append(file)
    return found


def test_no_class_is_called_as_another_one() -> None:
    classes = by_name(definitions(ast.ClassDef))
    assert len(classes) > 200
    assert {name: files for name, files in classes.items() if len(files) > 1} == {}


def test_no_function_name_stands_for_three_things() -> None:
    functions = by_name(definitions(ast.FunctionDef))
    for name, files in by_name(definitions(ast.AsyncFunctionDef)).items():
        functions[name] += files
    assert len(functions) > 500
    often = {name: set(files) for name, files in functions.items() if name not in ALIKE}
    assert {name: files for name, files in often.items() if len(files) > 2} == {}

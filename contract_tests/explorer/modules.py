"""The console's own modules without a browser: their functions are called in Node, many in one process."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import lke_emulator

EXPLORER = Path(lke_emulator.__file__).parent / "console" / "static" / "explorer"
DRIVER = """
import { readFileSync } from "node:fs";
const [explorer, name] = process.argv.slice(1);
const { parse, write } = await import(`${explorer}/json.js`);
const module = await import(`${explorer}/${name}`);
const told = [];
const [shared, calls] = parse(readFileSync(0, "utf-8"));
const meant = (given) => (typeof given === "string" && given in shared ? shared[given] : given);
for (const [called, ...given] of calls) {
  try {
    told.push([(await module[called](...given.map(meant))) ?? null, null]);
  } catch (error) {
    told.push([null, { name: error.name, message: error.message, ...error }]);
  }
}
console.log(write(told));
"""


class Threw(AssertionError):
    """What a function threw, as a dict in `args`."""


def script(text: str, arguments: Sequence[str], asked: Any) -> Any:
    """What a module that Node runs prints, which is given `asked` on its standard input."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node not found")
    command = [found, "--no-warnings", "--input-type=module", "--eval", text, "--", *arguments]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, encoding="utf-8", timeout=50, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def each(module: str, calls: Sequence[Sequence[Any]], **shared: Any) -> list[Any]:
    """[value, what it threw instead] of every [function, argument, ...]; an argument `$x` is what is shared as x."""
    asked = [{f"${name}": value for name, value in shared.items()}, calls]
    told: list[Any] = script(DRIVER, [EXPLORER.as_uri(), module], asked)
    return told


def several(module: str, calls: Sequence[Sequence[Any]], **shared: Any) -> list[Any]:
    """The values of [function, argument, ...]; Threw where one throws."""
    values = []
    for (value, thrown), call in zip(each(module, calls, **shared), calls, strict=True):
        if thrown:
            raise Threw(thrown, call)
        values.append(value)
    return values


def one(module: str, called: str, *given: Any) -> Any:
    return several(module, [[called, *given]])[0]

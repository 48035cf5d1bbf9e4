"""Pages as a reader follows them: every block that can be done, in its order, as one script for the shell.

A block that begins with the name of a file in a comment (`# scenario.yaml`) is written there. Of the others, lines of `console`
blocks that begin with `$ ` are typed, and Python is run: where it has tests by pytest, all of a page at once.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md")), *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:#|//|<!--) ([\w./-]+\.(?:yaml|py|html|js|json))\b.*\n")
ELSEWHERE = {
    "make": "sets up and runs this very suite",
    ".venv/bin/pytest": "is one of these tests",
    "docker": "needs a container engine",
    "pip": "needs a registry",
    "LKE_TARGET=https://lke.tencentcloudapi.com": "needs an account of the cloud",
    "TENCENTCLOUD_SECRET_ID=...": "needs an account of the cloud",
    "eval": "is for an interactive shell",
}
"""First words of commands that cannot be run here, and why."""


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    for found in BLOCK.finditer(page.read_text()):
        yield found[1], found[2]


def script(page: Path) -> str:
    lines: list[str] = []
    tests: list[str] = []
    for number, (language, text) in enumerate(blocks(page)):
        named = FILE.match(text)
        if named:
            lines.append(here(named[1], text))
        elif language == "console":
            lines += [typed(line[2:]) for line in text.splitlines() if line.startswith("$ ") and runs_here(line[2:])]
        elif language == "python":
            if re.search(r"^def test_", text, re.MULTILINE):
                tests.append(f"test_block_{number}.py")
                lines.append(here(tests[-1], text))
            else:
                lines += [here(f"block_{number}.py", text), f"python block_{number}.py"]
    if tests:
        lines.append(f"pytest -q {' '.join(tests)}")
    return "\n".join(lines)


def typed(line: str) -> str:
    """What stands for a command: `make run` is on a screen of its own, and ends in serving."""
    return "lke-emulator serve & lke-emulator health --wait 20" if line == "make run" else line


def here(name: str, text: str) -> str:
    return f"cat > {name} <<'END_OF_BLOCK'\n{text}END_OF_BLOCK"


def runs_here(command: str) -> bool:
    return command == "make run" or command.split()[0] not in ELSEWHERE


def told(page: Path) -> list[str]:
    """What the page shows that commands print; `...` stands for anything."""
    lines = []
    for language, text in blocks(page):
        runs = False
        for line in text.splitlines() if language == "console" else ():
            if line.startswith("$ "):
                runs = runs_here(line[2:])
            elif runs and line.strip():
                lines.append(line)
    return lines

"""What README.md and docs/ tell is true: every command runs and prints what is shown, every link leads somewhere."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.serving import free_port
from contract_tests.docs.pages import PAGES, ROOT, script, told
from contract_tests.process.commands import PLUGINS

PATIENCE = 150
"""Seconds for a whole page, which may start twenty processes; on a quiet machine none needs a tenth of it."""
LINK = re.compile(r"\]\(([^)\s]+)\)")
TO_RUN = [page for page in PAGES if script(page)]


def checkout(folder: Path) -> None:
    """Makes a folder look like one in which everything is installed."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for name in ("examples", "scenarios"):
        (folder / name).symlink_to(ROOT / name)


def follow(page: Path, folder: Path) -> tuple[int, str]:
    """How the page's commands ended, and what they printed; on ports of its own."""
    ports = {"5530": str(free_port()), "5531": str(free_port())}
    port = ports["5530"]
    environment = (
        os.environ
        | PLUGINS
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "emulator"),
            "LKE_EMULATOR_PORT": port,
            "LKE_EMULATOR_ENDPOINT": f"http://127.0.0.1:{port}",
        }
    )
    printed = folder / "printed"
    with printed.open("w") as output:
        shell = subprocess.Popen(
            ["bash", "-c", "set -e\n" + written(script(page), ports)],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            code = shell.wait(PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)  # with a server that the page leaves running
            shell.wait()
    return code, written(printed.read_text(), {own: shown for shown, own in ports.items()})


def written(text: str, ports: dict[str, str]) -> str:
    for one, other in ports.items():
        text = text.replace(one, other)
    return text


@pytest.mark.timeout(PATIENCE + 20)
@pytest.mark.parametrize("page", TO_RUN, ids=[page.stem for page in TO_RUN])
def test_a_reader_can_follow_the_page(page: Path, tmp_path: Path) -> None:
    checkout(tmp_path)
    code, printed = follow(page, tmp_path)
    assert code == 0, printed
    for shown in told(page):
        pattern = re.compile(".*".join(re.escape(part) for part in shown.split("...")))
        assert pattern.search(printed), f"not printed: {shown}\n{printed}"


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if not link.startswith(("http://", "https://")):
            name, _, anchor = link.partition("#")
            there = (page.parent / name).resolve() if name else page
            assert there.exists(), link
            assert not anchor or anchor in anchors(there), link


def test_every_page_is_reached_from_the_first() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    assert {page.name for page in PAGES if page.parent.name == "docs"} - set(LINK.findall(index)) == {"index.md"}

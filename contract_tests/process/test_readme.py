"""The README's shell session, pasted line by line."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_shell_session_works_when_pasted(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text()
    session = text[text.index("## Try it from the shell") :]
    block = session[session.index("```console") : session.index("```\n\n", session.index("```console"))]
    lines = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # On a port of its own, with the interpreter that runs the suite.
    script = (
        "\n".join(["set -e", *lines])
        .replace("5530", str(port))
        .replace("$PWD/.venv/bin", str(Path(sys.executable).parent))
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "emulator"),
        "LKE_EMULATOR_PORT": str(port),
        "LKE_EMULATOR_ENDPOINT": f"http://127.0.0.1:{port}",
    }
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    for said in ("TotalTokenUsage", "ScoreList", '"Action":"lkeap.RunRerank"'):
        assert said in ran.stdout

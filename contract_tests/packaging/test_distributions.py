"""The sdist and the wheel."""

import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contract_tests.packaging.conftest import ROOT, SITE, hatch
from lke_emulator import __version__

NOT_FOR_USERS = (".ci/", ".gitignore")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_sdist_has_what_the_tree_has(unpacked: Path) -> None:
    """So that its tests pass from it, too."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git checkout that says what the tree has")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=20)
    tracked = {name for name in listed.stdout.split("\0") if name and not name.startswith(NOT_FOR_USERS)}
    assert {name for name in tracked if (ROOT / name).exists() and not (unpacked / name).exists()} == set()


def test_the_sdist_builds_the_wheel_of_the_tree(wheel: Path, tmp_path: Path) -> None:
    assert names(wheel) == names(hatch(ROOT, "wheel", tmp_path))


def test_the_version_has_one_place(wheel: Path, sdist: Path) -> None:
    assert f"-{__version__}-" in wheel.name
    assert sdist.name.endswith(f"-{__version__}.tar.gz")
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


NOBODY = 65534


def interpreter() -> str:
    """One of this version that nobody may run, too; that of the suite can lie in root's own folder."""
    version = f"python3.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        try:
            subprocess.run([candidate, "-c", "import http.client"], user=NOBODY, cwd="/", check=True, timeout=20)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip(f"needs root, and a {version} that every user may run")


def test_an_installed_wheel_serves_another_user(wheel: Path, tmp_path: Path) -> None:
    """As the Dockerfile does: installed by root, run by somebody who may write nowhere."""
    python = interpreter()
    with TemporaryDirectory() as folder:
        installed = Path(folder)
        installed.chmod(0o755)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", installed, wheel],
            check=True,
            timeout=60,
            capture_output=True,
        )
        as_another = partial(
            subprocess.Popen,
            env={"PYTHONPATH": f"{installed}:{SITE}", "PYTHONDONTWRITEBYTECODE": "1", "LKE_EMULATOR_PORT": "0"},
            cwd="/",
            user=NOBODY,
            text=True,
            stdout=subprocess.PIPE,
        )
        with as_another([python, "-m", "lke_emulator", "serve"]) as server:
            assert server.stdout
            try:
                url = server.stdout.readline().split()[3]
                with as_another([python, "-m", "lke_emulator", "health", "--endpoint", url]) as health:
                    assert health.communicate(timeout=20)[0] == f"{url} is well: version {__version__}\n"
                server.terminate()
                assert server.wait(20) == 0
            finally:
                server.kill()

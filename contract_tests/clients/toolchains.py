"""Clients of other languages: what `make clients` prepares of them, and how a program that uses them is run.

`node`, `go` and `java` are fixtures, `toolchain` is each of them in turn; they skip, and say why, where a toolchain or what is
prepared is missing. `own` is a program of this folder, `program` one of any text; neither reaches a network, and both build the
same text only once.

    told = node.own("objects").told({"host": ...})  # its argument and its answer are JSON
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PREPARED = Path(sys.prefix) / "clients"


@dataclass(frozen=True)
class Program:
    """A command that is ready to run."""

    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, seconds: float = 30) -> str:
        """What it writes; AssertionError, with what it complains of, if it fails."""
        done = subprocess.run(
            [*self.command, *arguments],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told(self, asked: Any, seconds: float = 30) -> Any:
        """Its answer to one argument, both being JSON."""
        return json.loads(self.run(json.dumps(asked), seconds=seconds))


class Toolchain:
    name: str
    needs: tuple[str, ...]
    """Programs that it consists of."""
    manifests: tuple[str, ...]
    """Files that say which clients there are, with exact versions."""
    suffix: str

    @property
    def here(self) -> Path:
        return HERE / self.name

    @property
    def prepared(self) -> Path:
        return PREPARED / self.name

    def lacking(self) -> str:
        """Why programs cannot be run, or ""."""
        gone = [each for each in self.needs if shutil.which(each) is None]
        if gone:
            return f"{' and '.join(gone)} not found"
        return "" if self._current() else f"`make clients` has not prepared {self.name}"

    def prepare(self) -> None:
        """Install the clients and build this folder's programs; nothing happens where that is done."""
        if not self._current():
            shutil.rmtree(self.prepared, ignore_errors=True)
            self.prepared.mkdir(parents=True)
            self.install()
            for each in self.manifests:
                shutil.copy(self.here / each, self.prepared)
        for file in sorted(self.here.glob(f"*{self.suffix}")):
            self.program(file.name, file.read_text())

    def own(self, name: str) -> Program:
        file = self.here / self.file(name)
        return self.program(file.name, file.read_text())

    def file(self, name: str) -> str:
        return name + self.suffix

    def program(self, name: str, text: str) -> Program:
        """Of one file; in Java its name is that of the class."""
        folder = self.prepared / "programs" / sha256(f"{name}\n{text}".encode()).hexdigest()[:16]
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as making:
                (Path(making) / name).write_text(text)
                self.build(Path(making), name)
                with suppress(OSError):  # another worker was quicker
                    Path(making).rename(folder)
        return self.started(folder, name)

    def install(self) -> None:
        raise NotImplementedError

    def build(self, folder: Path, name: str) -> None:
        """Make what `started` starts, in the folder that the text is in."""

    def started(self, folder: Path, name: str) -> Program:
        raise NotImplementedError

    def _current(self) -> bool:
        """Whether what is prepared is of the manifests as they are."""
        return all(
            (self.prepared / each).exists() and (self.prepared / each).read_bytes() == (self.here / each).read_bytes()
            for each in self.manifests
        )


class Node(Toolchain):
    name = "node"
    needs = ("node", "npm")
    manifests = ("package-lock.json", "package.json")
    suffix = ".js"

    @property
    def packages(self) -> Path:
        return self.prepared / "packages"

    def install(self) -> None:
        self.packages.mkdir()
        for each in self.manifests:
            shutil.copy(self.here / each, self.packages)
        Program(["npm", "ci", "--ignore-scripts", "--prefix", str(self.packages)]).run(seconds=600)

    def started(self, folder: Path, name: str) -> Program:
        return Program(["node", str(folder / name)], {"NODE_PATH": str(self.packages / "node_modules")})


class Go(Toolchain):
    name = "go"
    needs = ("go",)
    manifests = ("go.mod", "go.sum")
    suffix = ".go"

    def install(self) -> None:
        Program(["go", "-C", str(self.here), "mod", "download"]).run(seconds=600)

    def build(self, folder: Path, name: str) -> None:
        for each in self.manifests:
            shutil.copy(self.here / each, folder)
        offline = {"GOPROXY": "off", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOTOOLCHAIN": "local"}
        Program(["go", "-C", str(folder), "build", "-o", "program", name], offline).run(seconds=600)

    def started(self, folder: Path, name: str) -> Program:
        return Program([str(folder / "program")])


class Java(Toolchain):
    name = "java"
    needs = ("java", "javac", "mvn")
    manifests = ("pom.xml",)
    suffix = ".java"

    def file(self, name: str) -> str:
        return name.capitalize() + self.suffix

    @property
    def jars(self) -> Path:
        return self.prepared / "jars"

    def install(self) -> None:
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={self.jars}"]
        Program(["mvn", "-q", "-B", "-f", str(self.here / "pom.xml"), *goal]).run(seconds=600)

    def build(self, folder: Path, name: str) -> None:
        Program(["javac", "-encoding", "UTF-8", "-cp", f"{self.jars}/*", str(folder / name)]).run(seconds=120)

    def started(self, folder: Path, name: str) -> Program:
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"]
        return Program(["java", *quick, "-cp", f"{folder}{os.pathsep}{self.jars}/*", Path(name).stem])


TOOLCHAINS = (Node(), Go(), Java())


def ready(toolchain: Toolchain) -> Toolchain:
    if reason := toolchain.lacking():
        pytest.skip(reason)
    return toolchain


@pytest.fixture(params=TOOLCHAINS, ids=lambda each: each.name)
def toolchain(request: pytest.FixtureRequest) -> Toolchain:
    return ready(request.param)


@pytest.fixture
def node() -> Toolchain:
    return ready(TOOLCHAINS[0])


@pytest.fixture
def go() -> Toolchain:
    return ready(TOOLCHAINS[1])


@pytest.fixture
def java() -> Toolchain:
    return ready(TOOLCHAINS[2])

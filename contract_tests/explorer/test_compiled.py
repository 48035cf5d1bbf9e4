"""The programs that are not run are read by their compilers; and every program of every action is at least written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from contract_tests.clients.toolchains import TOOLCHAINS, Go, Program, ready
from contract_tests.conftest import Control, Target
from contract_tests.explorer import stubs
from contract_tests.explorer.modules import one, several
from contract_tests.explorer.snippets import NESTED, STATISTICS, STREAM, environment, go, put
from contract_tests.explorer.test_code import ACTIONS, in_order, made, seen
from contract_tests.process.commands import PLUGINS
from lke_emulator.account.journal import CallMatch
from lke_emulator.control.catalogue import shape_of
from lke_emulator.protocol.spec import spec

LANGUAGES = ("python", "java", "node", "go", "php", "dotnet", "cpp", "ruby", "tccli", "curl", "pytest")


def needs(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} not found")


@pytest.mark.parametrize(("language", "program", "flags"), [("php", "php", "-l"), ("ruby", "ruby", "-c")])
def test_programs_are_well_formed(
    target: Target, emulator: Control, tmp_path: Path, language: str, program: str, flags: str
) -> None:
    needs(program)
    for file in put(tmp_path, [job.text for job in made(language, target, emulator)], f".{language}"):
        Program([program, flags, file]).run()


@pytest.mark.parametrize("language", ["php", "ruby"])
def test_php_and_ruby_programs_send_what_the_form_held(
    target: Target, emulator: Control, tmp_path: Path, language: str
) -> None:
    """They are run whole, against classes that tell what would be sent."""
    needs(language)
    flags = {"php": stubs.php, "ruby": stubs.ruby}[language](tmp_path)
    for job in made(language, target, emulator, [*NESTED, STATISTICS[0], STREAM]):
        action = spec().by_key[job.action]
        product, version = action.product.capitalize(), stubs.folder(action).upper()
        client, request = (
            (f"TencentCloud\\{product}\\{version}\\{product}Client", f"\\Models\\{action.name}Request")
            if language == "php"
            else (f"TencentCloud::{product}::{version}::Client", f"::{action.name}Request")
        )
        [file] = put(tmp_path, [job.text], f".{language}")
        sent = msgspec.json.decode(Program([language, *flags, file], environment(target)).run())
        if language == "ruby":  # it streams nothing, and reaches the emulator by the environment's proxy
            job.params.pop("Stream", None)
            sent["params"].pop("Stream", None)
            assert sent["endpoint"] == f"{action.product}.tencentcloudapi.com"
        else:
            assert sent["endpoint"] == target.endpoint
        assert sent["params"] == job.params
        assert (sent["client"], sent["action"], sent["id"]) == (client, action.name, target.secret_id)
        assert sent["request"].endswith(request)
        assert (sent["region"], sent["scheme"].rstrip(":/")) == (target.region, "http")


def test_cpp_programs_compile(target: Target, emulator: Control, tmp_path: Path) -> None:
    needs("g++")
    stubs.cpp(tmp_path / "sdk", [spec().by_key[name] for name in ACTIONS])
    texts = [job.text for job in made("cpp", target, emulator)]
    # One translation unit: what is included once is read once.
    spaces = re.compile(r"^using namespace .*$", re.MULTILINE)
    whole = []
    for place, text in enumerate(texts):
        head, _, body = spaces.sub("", text).partition("int main()")
        used = "\n".join(spaces.findall(text))
        whole.append(f"{head}\nnamespace n{place} {{\n{used}\nvoid run() {body}\n}}")
    [file] = put(tmp_path, ["\n".join(whole)], ".cpp")
    command = ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Werror", "-I", str(tmp_path / "sdk"), file]
    Program(command).run(seconds=50)


def test_csharp_programs_compile(target: Target, emulator: Control, tmp_path: Path) -> None:
    needs("mcs")
    texts = [
        text.replace("class Program", f"class Program{place}", 1)
        for place, text in enumerate(job.text for job in made("dotnet", target, emulator))
    ]
    (tmp_path / "sdk.cs").write_text(stubs.csharp([spec().by_key[name] for name in ACTIONS]))
    files = put(tmp_path, texts, ".cs")
    Program(["mcs", "-target:library", f"-out:{tmp_path / 'all.dll'}", str(tmp_path / "sdk.cs"), *files]).run(
        seconds=50
    )


def test_go_programs_of_product_modules_call_what_the_form_held(
    target: Target, emulator: Control, tmp_path: Path
) -> None:
    """The modules are made from the definitions: the SDK's own could not be had."""
    emulator.world.journal.forget(CallMatch())
    written = made("go", target, emulator, style="product")
    modules = stubs.go(tmp_path / "sdk", [spec().by_key[name] for name in ACTIONS])
    go(tmp_path, [job.text for job in written], target, modules)
    assert seen(emulator) == in_order((job.action, job.params) for job in written)


@pytest.mark.parametrize("style", ["common", "product"])
def test_go_programs_are_as_gofmt_writes_them(target: Target, emulator: Control, tmp_path: Path, style: str) -> None:
    ready(next(one for one in TOOLCHAINS if isinstance(one, Go)))
    needs("gofmt")
    files = put(tmp_path, [job.text for job in made("go", target, emulator, style=style)], ".go")
    assert Program(["gofmt", "-d", *files]).run() == ""


def test_pytest_programs_pass(target: Target, emulator: Control, tmp_path: Path) -> None:
    """In an account of their own, of another emulator."""
    written = made("pytest", target, emulator, ["lke.DescribeTokenUsage", "lke.CreateQA", STREAM])
    for place, job in enumerate(written):
        (tmp_path / f"test_{place}.py").write_text(job.text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."]
    given = os.environ | PLUGINS
    done = subprocess.run(
        command, env=given, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=50, check=False
    )
    assert "2 passed" in done.stdout, done.stdout
    assert "FAILED test_1.py" in done.stdout  # an app of another account


def test_every_action_is_written_in_every_language(target: Target, emulator: Control) -> None:
    texts = {language: made(language, target, emulator, list(spec().by_key)) for language in LANGUAGES}
    for language, written in texts.items():
        for job in written:
            name = job.action.partition(".")[2]
            assert name in job.text, (language, job.action)
            assert "undefined" not in job.text, (language, job.action)
            assert target.secret_key not in job.text
            assert "\r" not in job.text
        if language == "python":
            for job in written:
                compile(job.text, job.action, "exec")


def test_a_program_for_the_cloud_names_its_endpoint_and_no_secret(target: Target, emulator: Control) -> None:
    for language in LANGUAGES:
        [job] = made(language, target, emulator, ["lke.CreateQA"], cloud=True)
        assert (target.endpoint in job.text) is False, language
        assert ("http://" in job.text) is False, language
        if language != "pytest":
            assert "lke.tencentcloudapi.com" in job.text
        if language not in ("pytest", "tccli"):
            assert "TENCENTCLOUD_SECRET_KEY" in job.text


HOSTILE = [
    "\u202e}\u2066",
    "\u2028",
    "\x00\x1b",
    "*/ // -- '''",
    '"""',
    "${x} $(id) `id`",
    "\\",
    "%s",
    "\ud83d\ude00",
    "\n\r\n",
]


@pytest.mark.parametrize("language", ["python", "java", "node", "go", "dotnet", "cpp", "php", "ruby", "curl"])
def test_what_turns_a_line_around_is_written_as_an_escape(language: str) -> None:
    action = msgspec.to_builtins(shape_of(spec().by_key["lkeap.RunRerank"]))
    call = {"action": action, "params": {"Query": "q", "Docs": HOSTILE}, "region": "r", "host": "h"}
    text = one("code/languages.js", "written", language, call)
    assert not set(text) & set("\u202e\u2066\u2028\x00\x1b\r")


def test_a_long_text_is_written_quickly() -> None:
    action = msgspec.to_builtins(shape_of(spec().by_key["lkeap.RunRerank"]))
    call = {
        "action": action,
        "params": {"Query": "\\\"'`$\n" * 30_000, "Docs": ["a"] * 2000},
        "region": "r",
        "host": "h",
    }
    several("code/languages.js", [["written", language, "$call"] for language in LANGUAGES], call=call)

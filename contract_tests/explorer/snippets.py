"""Programs that the explorer writes, and how many of one language are run at once: a toolchain is started once for all."""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from contract_tests.clients.toolchains import TOOLCHAINS, Go, Java, Node, Program, ready
from contract_tests.conftest import Target
from contract_tests.explorer.modules import several
from lke_emulator.account.account import Account
from lke_emulator.control.catalogue import shape_of
from lke_emulator.products.example import example_request
from lke_emulator.protocol.spec import spec

STATISTICS = (
    "lke.DescribeCallStatsGraph",
    "lke.DescribeConcurrencyUsage",
    "lke.DescribeConcurrencyUsageGraph",
    "lke.DescribeKnowledgeUsage",
    "lke.DescribeKnowledgeUsagePieGraph",
    "lke.DescribeSearchStatsGraph",
    "lke.DescribeTokenUsage",
    "lke.DescribeTokenUsageGraph",
    "lke.GetAnswerTypeDataCount",
    "lke.GetLikeDataCount",
    "lke.ListAppKnowledgeDetail",
    "lke.ListUsageCallDetail",
    "lkeap.GetCharacterUsage",
    "adp.DescribeAppStatisticsOverview",
    "adp.DescribeConcurrencyLimitDetailList",
    "adp.DescribeConsumptionDetailList",
    "adp.DescribeMetricOverviewList",
    "adp.DescribeResourceSummary",
    "adp.DescribeUsageDetailList",
    "adp.DescribeUsageSummaryList",
)
TEXT = 'it\'s "quoted" \\ $HOME `x` %s #{1} 中文\tand\nmore'
NESTED: dict[str, dict[str, Any]] = {
    "lke.CreateQA": {
        "Question": TEXT,
        "CustomParam": "{}",
        "SimilarQuestions": ["a", TEXT[::-1]],
    },
    "lke.CreateAttributeLabel": {
        "AttrName": "colour",
        "Labels": [
            {"LabelName": "red", "SimilarLabels": ["crimson", "scarlet"]},
            {"LabelName": TEXT[:20], "SimilarLabels": []},
        ],
    },
    "lkeap.QueryRewrite": {
        "Messages": [
            {"Role": "user", "Content": TEXT},
            {"Role": "assistant", "Content": "yes"},
            {"Role": "user", "Content": "And then?"},
        ]
    },
}
AGAIN = NESTED | {
    "lke.CreateAttributeLabel": NESTED["lke.CreateAttributeLabel"] | {"AttrName": "size", "AttrKey": "size"}
}
"""For who calls them once more: there is one label of a name."""
STREAM = "lkeap.ChatCompletions"


class Job(NamedTuple):
    action: str
    params: dict[str, Any]
    text: str


def jobs(
    language: str,
    account: Account,
    target: Target,
    actions: Sequence[str],
    nested: Mapping[str, dict[str, Any]] = NESTED,
    **options: Any,
) -> list[Job]:
    """The programs for some actions, with the examples of the account."""
    asked, calls = [], []
    for key in actions:
        action = spec().by_key[key]
        params = example_request(action, account) | nested.get(key, {})
        given = {
            "action": msgspec.to_builtins(shape_of(action)),
            "params": params,
            "region": target.region,
            "host": target.endpoint,
        }
        asked.append((key, params))
        calls.append(["written", language, given | options])
    texts = several("code/languages.js", calls)
    return [Job(key, params, text) for (key, params), text in zip(asked, texts, strict=True)]


def environment(target: Target) -> dict[str, str]:
    return {
        "TENCENTCLOUD_SECRET_ID": target.secret_id,
        "TENCENTCLOUD_SECRET_KEY": target.secret_key,
        "HOME": "/nonexistent",
    }


def put(folder: Path, texts: Sequence[str], suffix: str) -> list[str]:
    files = []
    for place, text in enumerate(texts):
        file = folder / f"{place}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        files.append(str(file))
    return files


def python(folder: Path, texts: Sequence[str], target: Target) -> str:
    driver = "import runpy, sys\nfor file in sys.argv[1:]: runpy.run_path(file, run_name='__main__')"
    return Program([sys.executable, "-W", "ignore", "-c", driver], environment(target)).run(*put(folder, texts, ".py"))


def tccli(folder: Path, texts: Sequence[str], target: Target) -> str:
    """Imported once, and each with the words that a shell makes of it. It knows three of its 260 products, each of which it
    would read for every command and import for every action; and no plugins, which need SDKs that are not installed."""
    driver = (
        "import functools, gc, os, subprocess, sys, tccli.main as cli, tccli.plugin, tccli.services\n"
        "from tccli.loaders import Loader\n"
        "tccli.plugin.import_plugins = dict\n"
        "known = Loader().get_available_services()\n"
        "ours = {name: known[name] for name in ('lke', 'lkeap', 'adp')}\n"
        "Loader.get_available_services = lambda self: ours\n"
        "models = {name: Loader().get_service_model(name, versions[0]) for name, versions in ours.items()}\n"
        "Loader.get_service_model = lambda self, name, version: models[name]\n"
        "tccli.services.action_caller = functools.cache(tccli.services.action_caller)\n"
        "for name in ours: tccli.services.action_caller(name)()\n"
        "gc.freeze()\n"
        'words = \'tccli() { printf "%s\\\\0" tccli "$@"; }; . "$0"\'\n'
        "for file in sys.argv[1:]:\n"
        "    split = subprocess.run(['sh', '-c', words, file], capture_output=True, encoding='utf-8', check=True).stdout\n"
        "    sys.argv[:] = split.split(chr(0))[:-1]\n"
        "    child = os.fork()\n"
        "    if not child: sys.exit(cli.main())\n"
        "    if os.waitpid(child, 0)[1]: sys.exit(1)"
    )
    home = environment(target) | {"HOME": str(folder), "TENCENTCLOUD_REGION": target.region}
    program = Program([sys.executable, "-W", "ignore", "-c", driver], home)
    return program.run(*put(folder, texts, ".sh"), seconds=50)


def curl(folder: Path, texts: Sequence[str], target: Target) -> str:
    if lacking := [name for name in ("sh", "curl", "openssl") if shutil.which(name) is None]:
        pytest.skip(f"{lacking[0]} not found")
    driver = 'for file; do sh "$file" & done; wait'
    return Program(["sh", "-c", driver, "sh"], environment(target)).run(*put(folder, texts, ".sh"))


def node(folder: Path, texts: Sequence[str], target: Target) -> str:
    toolchain = ready(next(one for one in TOOLCHAINS if isinstance(one, Node)))
    packages = toolchain.program("driver.js", "for (const file of process.argv.slice(2)) require(file);")
    program = Program(packages.command, {**packages.environment, **environment(target)})
    return program.run(*put(folder, texts, ".js"))


def go(folder: Path, texts: Sequence[str], target: Target, modules: Sequence[str] = ()) -> str:
    """Each program is a package of one module, and one program calls them. `modules`: what go.mod says of others."""
    toolchain = ready(next(one for one in TOOLCHAINS if isinstance(one, Go)))
    for manifest in toolchain.manifests:
        shutil.copy(toolchain.here / manifest, folder)
    with (folder / "go.mod").open("a") as file:
        file.writelines(f"{line}\n" for line in modules)
    sources = [
        text.replace("package main", f"package p{place}", 1).replace("func main()", "func Main()", 1)
        for place, text in enumerate(texts)
    ]
    for place, source in enumerate(sources):
        (folder / f"p{place}").mkdir()
        (folder / f"p{place}" / "main.go").write_text(source)
    imports = "\n".join(f'"clients/p{place}"' for place in range(len(texts)))
    body = "\n".join(f"p{place}.Main()" for place in range(len(texts)))
    (folder / "main.go").write_text(f"package main\nimport (\n{imports}\n)\nfunc main() {{\n{body}\n}}\n")
    offline = {"GOPROXY": "off", "GOFLAGS": "-mod=mod -buildvcs=false", "GOTOOLCHAIN": "local", "GONOSUMDB": "*"}
    Program(["go", "-C", str(folder), "build", "-o", "program", "."], offline).run(seconds=55)
    return Program([str(folder / "program")], environment(target)).run()


def java(folder: Path, texts: Sequence[str], target: Target) -> str:
    """Each program is a class of its own, and one class calls them."""
    toolchain = ready(next(one for one in TOOLCHAINS if isinstance(one, Java)))
    assert isinstance(toolchain, Java)
    names = [f"Main{place}" for place in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / f"{name}.java").write_text(re.sub(r"\bclass Main\b", f"class {name}", text))
    body = "\n".join(f"{name}.main(arguments);" for name in names)
    driver = (
        f"class All {{ public static void main(String[] arguments) throws Exception {{ {body} System.exit(0); }} }}"
    )
    (folder / "All.java").write_text(driver)
    files = [str(folder / f"{name}.java") for name in (*names, "All")]
    classes = f"{toolchain.jars}/*"
    Program(["javac", "-encoding", "UTF-8", "-proc:none", "-d", str(folder), "-cp", classes, *files]).run(seconds=55)
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"]
    command = ["java", *quick, "-cp", f"{folder}{os.pathsep}{classes}", "All"]
    return Program(command, environment(target)).run()


RUNNERS = {"python": python, "node": node, "go": go, "java": java, "tccli": tccli, "curl": curl}

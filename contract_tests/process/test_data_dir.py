"""`--data-dir` as a user of the command sees it."""

from pathlib import Path

import httpx

from contract_tests.process.commands import SCENARIO
from contract_tests.process.served import serving

UIN = "/_emulator/accounts/1"


def scenario(folder: Path, name: str = "shop", calls: int = 5) -> str:
    file = folder / f"{name}.yaml"
    file.write_text(SCENARIO.format(name=name, calls=calls))
    return str(file)


def top_up(url: str) -> None:
    assert httpx.post(f"{url}{UIN}/wallet/top-up", json={"amount": 10, "method": "card"}).status_code < 300


def top_ups(url: str) -> int:
    return len(httpx.get(f"{url}{UIN}/wallet/history").json()["entries"])


def test_a_world_survives_the_end_of_its_process(tmp_path: Path) -> None:
    flags = ("--scenario", scenario(tmp_path), "--data-dir", str(tmp_path / "kept"))
    for number in range(2):
        with serving(*flags) as served:
            assert top_ups(served.url) == number
            top_up(served.url)


def test_a_folder_is_held_by_one_process_and_belongs_to_one_scenario(tmp_path: Path) -> None:
    folder = ("--data-dir", str(tmp_path / "kept"))
    shop, other = scenario(tmp_path), scenario(tmp_path, "other", 6)
    with serving("--scenario", shop, *folder), serving("--scenario", shop, *folder) as second:
        assert "is held by another lke-emulator" in second.wait_for("could not start")
    with serving("--scenario", other, *folder) as another:
        assert f"`--scenario {shop}` goes on with it" in another.wait_for("could not start")
    with serving("--scenario", shop, "--seed", "7", *folder) as seeded:
        assert "of another scenario or seed" in seeded.wait_for("could not start")


def test_a_scenario_that_has_changed_is_told_of_and_loaded_on_demand(tmp_path: Path) -> None:
    flags = ("--data-dir", str(tmp_path / "kept"), "--scenario")
    with serving(*flags, scenario(tmp_path)) as served:
        top_up(served.url)
    with serving(*flags, scenario(tmp_path, calls=6), "--watch") as served:
        assert "has changed since" in served.wait_for("which goes on as it is")
        assert top_ups(served.url) == 1
        scenario(tmp_path, calls=77)
        served.wait_for("begin anew")
        assert top_ups(served.url) == 0
    with serving(*flags, scenario(tmp_path, calls=77)) as served:
        assert top_ups(served.url) == 0

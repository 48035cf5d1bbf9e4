"""`lke-emulator explain`: why a call was refused, in words."""

import json

from contract_tests.conftest import Control, Target
from contract_tests.gateway.wire import send, signed_headers
from contract_tests.process.commands import run


def refused(target: Target) -> str:
    """The id of a call that came with another body than it was signed with."""
    answer = send(target, body=b'{"ModelName":"x"}', headers=signed_headers(target, body=b'{"ModelName": "x"}'))
    return str(json.loads(answer.body)["Response"]["RequestId"])


def test_explain_shows_both_sides_and_marks_where_they_differ(emulator: Control, target: Target) -> None:
    result = run("explain", refused(target), "--endpoint", target.url)
    assert result.exit_code == 0, result.output
    assert "AuthFailure.SignatureFailure" in result.stdout
    assert "written anew after it was signed: it was with blanks" in result.stdout
    assert result.stdout.count("\n> ") == 2
    assert "-> sign the very bytes that leave" in result.stdout


def test_explain_gives_its_members_as_json(emulator: Control, target: Target) -> None:
    result = run("explain", refused(target), "--endpoint", target.url, "--json")
    assert json.loads(result.stdout)["causes"][0]["kind"] == "body"


def test_explain_says_what_it_cannot_explain(emulator: Control, target: Target) -> None:
    result = run("explain", "nothing", "--endpoint", target.url)
    assert (result.exit_code, "no call of RequestId nothing" in result.stderr) == (1, True)
    result = run("explain", "nothing", "--endpoint", "http://127.0.0.1:9")
    assert (result.exit_code, "does not answer" in result.stderr) == (1, True)
    assert run("explain", "nothing", "--endpoint", "nowhere").exit_code in (1, 2)

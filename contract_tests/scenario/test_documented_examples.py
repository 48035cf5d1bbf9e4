"""`documented-examples` answers what the API pages show, to the very requests that they show."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import call, frames
from contract_tests.products.published import STREAMED, UNWRAPPED, Example, examples

STATISTICS = {
    "DescribeCallStatsGraph",
    "DescribeConcurrencyUsage",
    "DescribeConcurrencyUsageGraph",
    "DescribeKnowledgeUsage",
    "DescribeKnowledgeUsagePieGraph",
    "DescribeSearchStatsGraph",
    "DescribeTokenUsage",
    "DescribeTokenUsageGraph",
    "GetAnswerTypeDataCount",
    "GetLikeDataCount",
    "ListAppKnowledgeDetail",
    "ListUsageCallDetail",
}
ALL = list(examples())
SAME = ("CancelTask", "GetCharacterUsage", "GetEmbedding", "QueryRewrite", "RunRerank")
EXACT = [each for each in ALL if each.action in STATISTICS or (each.product == "lkeap" and each.action in SAME)]
ANSWERED = [each for each in ALL if each.product == "lkeap" and each.action not in SAME]


@pytest.fixture(autouse=True)
def documented(emulator: Control) -> None:
    emulator.load("documented-examples")


def shows(example: Any, given: Any) -> bool:
    """Whether a reply is what the example shows; the shapes have grown members since that no example has."""
    if isinstance(example, dict):
        return all(
            name in given and shows(value, given[name]) for name, value in example.items() if name != "RequestId"
        )
    if isinstance(example, list):
        return len(example) == len(given) and all(map(shows, example, given))
    return bool(example == given)


@pytest.mark.parametrize("example", EXACT, ids=str)
def test_a_published_example_is_answered_as_published(example: Example, target: Target) -> None:
    """One request is published twice, with two totals: either will do."""
    client = target.client(LkeClient if example.product == "lke" else LkeapClient)
    given = client.call_json(example.action, example.params)["Response"]
    same = [each for each in ALL if (each.action, each.params) == (example.action, example.params)]
    assert any(shows(each.outputs[0], given) for each in same)


@pytest.mark.parametrize("example", ANSWERED, ids=str)
def test_other_examples_of_lkeap_are_answered(example: Example, lkeap: LkeapClient) -> None:
    """What a model says, and where the files of a task are, is this emulator's own."""
    given = call(lkeap, example.action, **example.params)
    if (example.product, example.action, example.number) in STREAMED | UNWRAPPED:
        said = frames(given)
        assert said
        assert not [frame for frame in said if "ErrorMsg" in frame or "Error" in frame.get("Response", {})]
    else:
        assert given.RequestId


def test_another_question_than_the_published_one_is_answered_from_usage(target: Target) -> None:
    asked = {"ModelName": "cs-normal", "StartTime": "1726070400", "EndTime": "1726156799"}
    lke = target.client()
    for more in ({"AppBizIds": ["1812732010083385344"]}, {"SubBizType": "KnowledgeQA"}, {"UinAccount": ["1"]}):
        assert lke.call_json("DescribeTokenUsageGraph", asked | more)["Response"]["Total"] == []

"""Secrets in texts, by the form in which they stand there."""

import pytest

from lke_emulator.recording.redaction import Redaction, is_stand_in

SECRET = "7f3kQmZp29xT"


@pytest.mark.parametrize(
    "text",
    [
        f"https://a.example/x?sign={SECRET}&name=a",
        f"https://a.example/x?q-ak={SECRET}&q-signature={SECRET}",
        f"Token={SECRET}&a=1",
        f"a=1&bot_app_key={SECRET}",
        f"SecretId={SECRET}&Action=ListApp",
        f'{{"api_key": "{SECRET}"}}',
        f'{{\\"Password\\": \\"{SECRET}\\"}}',
        f"Authorization: Bearer {SECRET}",
        f"sk-{SECRET}",
        f"AKID{SECRET}",
    ],
)
def test_a_secret_within_a_text_is_replaced_and_what_is_around_it_stays(text: str) -> None:
    said = Redaction().of({"Message": text})["Message"]
    assert SECRET not in said
    assert "redacted-key-1" in said
    assert text.partition(SECRET)[0].removesuffix("sk-").removesuffix("AKID") in said


@pytest.mark.parametrize(
    "text", ["uin=12345", "qcs::lke::uin/10004321:app", "of 100043215678 here", "uin 100043215678"]
)
def test_a_uin_within_a_text_is_replaced(text: str) -> None:
    digits = "".join(character for character in text if character.isdigit())
    assert digits not in Redaction().text(text)


@pytest.mark.parametrize(
    "value", [1790000000, "1790000000123", "1812732010083385344", 3, True, "", None, 0.5, "cs-normal-70b"]
)
def test_figures_moments_ids_and_models_stay(value: object) -> None:
    redaction = Redaction(texts=True)
    assert redaction.of({"ModelName": value, "AppBizId": value}) == {"ModelName": value, "AppBizId": value}
    assert redaction.of({"TotalTokens": 5, "InputTokens": "70"}) == {"TotalTokens": 5, "InputTokens": "70"}


def test_a_value_that_was_seen_once_is_found_everywhere() -> None:
    redaction = Redaction()
    assert redaction.of({"AppKey": SECRET, "Url": f"https://a.example/{SECRET}/x"}) == {
        "AppKey": "redacted-key-1",
        "Url": "https://a.example/redacted-key-1/x",
    }
    assert redaction.of({"Uin": 100043215678}) == {"Uin": 900000000001}
    assert is_stand_in(900000000001)
    assert is_stand_in("redacted-key-1")
    assert not is_stand_in("redacted")


def test_what_is_replaced_is_not_replaced_again() -> None:
    redaction = Redaction()
    once = redaction.of({"AppKey": SECRET, "Message": f"Token={SECRET} of 100043215678"})
    assert redaction.of(once)["Message"] == once["Message"]

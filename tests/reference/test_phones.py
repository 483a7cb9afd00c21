"""What sheets hold becomes digits that can be called, or a sentence for the owner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.reference.phones import is_mobile, mask, mask_in, normalise

MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


def test_the_known_answers_of_mobiles_are_met(shared: Path) -> None:
    cases = json.loads((shared / "notify" / "phone_number_cases.json").read_text("utf-8"))
    judged = [case for case in cases if "number" in case]
    assert len(judged) == 2  # the others try a foreign country code as a second argument
    for case in judged:
        assert normalise(case["input"]) == case["number"]


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("13800138000.0", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("0596-7000001", "05967000001"),
        ("(010) 6000 0001", "01060000001"),
        ("+86 596 7000001", "05967000001"),
        ("400-100-0001", "4001000001"),
        ("", ""),
    ],
)
def test_a_cell_becomes_digits(cell: str, digits: str) -> None:
    assert normalise(cell) == digits


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("13800138000/13900139000", "two numbers"),
        ("13800138000、7000001", "two numbers"),
        ("1.38E+10", "rounded"),
        ("660123", "short number"),
        ("7000001", "area code"),
        ("+68 13800138000", "foreign"),
        ("0068138001380", "foreign"),
        ("同上", "no phone number"),
        ("1380013800", "10 digits"),
        ("12800138000", "11 digits"),
    ],
)
def test_what_cannot_be_called_is_said_in_words(cell: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        normalise(cell)


def test_a_landline_takes_the_townships_area_code() -> None:
    assert normalise("7000001", "0596") == "05967000001"


def test_only_a_mobile_gets_text_messages() -> None:
    assert is_mobile("13800138000")
    assert not is_mobile("05967000001")


@given(MOBILES)
def test_normalising_twice_changes_nothing(number: str) -> None:
    assert normalise(f"+86{number}") == normalise(normalise(number)) == number


@given(MOBILES)
def test_a_masked_number_hides_its_middle(number: str) -> None:
    assert mask(number) == f"{number[:3]}****{number[-4:]}"
    assert number not in mask_in(f"号码{number}非法, +86{number}")


@pytest.mark.parametrize(
    "text", ["0591-88880001", "tele0591-88880001", "059188880001", "打010-88880001转1"]
)
def test_a_landline_in_words_is_masked_too(text: str) -> None:
    assert "****0001" in mask_in(text) and "8888" not in mask_in(text)


@pytest.mark.parametrize("text", ["138000000012", "2026-07-14T18:00:00", "0.0591", "errcode 40013"])
def test_what_is_no_number_stays(text: str) -> None:
    assert mask_in(text) == text


def test_a_short_number_is_masked_too() -> None:
    assert mask("660123") == "****23"
    assert mask("") == ""

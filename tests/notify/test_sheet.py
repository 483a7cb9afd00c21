"""What a provider would refuse, and the sheet that is filed."""

from __future__ import annotations

import pytest

from monitor.notify.sheet import faults, in_syntax, sheet, voice_sheet
from monitor.notify.wording import WordingFault, render, word


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("请看「${site}」水位", "「」 is refused"),
        ("${site}★水位", "★ is refused"),
        ("【镇】${site}", "【】 is refused"),
        ("打13800000001问${site}", "a mobile number"),
        ("${site}${time}到岗", "side by side"),
        ("${site} ${time}到岗", "side by side"),
        ("${site}，${time}，${site}到岗", "site is used twice"),
        ("请党政同责，${site}", "党政 is barred"),
        ("${site}" + "水" * 70, "shorten it to 70"),
        ("${nobody}到岗", "no value for nobody"),
        ("$到岗", "a stray $"),
    ],
)
def test_a_fault_is_said_with_what_to_do(template: str, says: str) -> None:
    assert any(says in fault for fault in faults(template, "云溪镇政府"))


def test_a_fixed_phone_is_no_mobile_number() -> None:
    assert faults("${site}请打0571-86000000", "云溪镇政府") == ()


def test_tencent_numbers_its_variables_in_order() -> None:
    assert in_syntax("tencent", "${site}，${time}水位${level}米") == "{1}，{2}水位{3}米"
    assert in_syntax("aliyun", "${site}，${time}") == "${site}，${time}"


def test_the_sheet_counts_the_signature() -> None:
    row = sheet("aliyun", "镇", {"x": "水位${level}米"}, {"level": "3.35"})[0]
    assert (row.example, row.characters, row.parts) == ("【镇】水位3.35米", 10, 1)
    assert row.variables == ("level",)


def test_voices_are_filed_apart() -> None:
    assert not [row for row in sheet("aliyun", "镇") if row.use.startswith("voice")]
    assert all(row.use.startswith("voice") for row in voice_sheet("tencent"))


def test_a_missing_and_an_unknown_variable_raise() -> None:
    with pytest.raises(WordingFault, match="no value for time"):
        render("${site}，${time}", {"site": "石桥站"})
    with pytest.raises(WordingFault, match="no such variable: level"):
        render("${site}", {"site": "石桥站", "level": "3.35"})


def test_the_first_use_whose_facts_are_known_is_taken() -> None:
    templates = {"level": "${level}", "broken": "$", "plain": "${site}"}
    found = word(templates, ["gone", "level", "broken", "plain"], {"site": "石桥站"})
    assert (found.use, found.text, found.variables) == ("plain", "石桥站", {"site": "石桥站"})
    with pytest.raises(WordingFault, match="no template fits: level"):
        word(templates, ["level"], {})

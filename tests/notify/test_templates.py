"""Every template to the letter, as officers agreed on it; a change here is a change of words
that must be filed with the SMS provider again."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.notify.sheet import LONGEST, faults, sms_parts
from monitor.notify.templates import VOICES, WHOLE, complete
from monitor.notify.wording import names, render

SIGNATURE = "云溪镇政府"

_GOLDEN = Path(__file__).with_name("templates.golden.txt").read_text(encoding="utf-8")
AGREED = dict(line.split("\t") for line in _GOLDEN.splitlines())
VOICE = (
    "云溪镇防指叫应。石桥站三点十二分，水位达到立即转移。请马上组织河西组转移。"
    "听清按1，要支援按2，重听按3。"
)


@pytest.mark.parametrize("use", AGREED)
def test_a_template_says_what_was_agreed(use: str) -> None:
    assert WHOLE[use] == AGREED[use]


def test_the_call_is_read_out_as_agreed() -> None:
    facts = {"town": "云溪镇", "heard": "石桥站三点十二分", "area": "河西组"}
    assert render(WHOLE["voice_red"], facts) == VOICE


WRITTEN = [use for use in WHOLE if not use.startswith("voice_")]

NOT_OF_ONE = ("drill_aborted", "drill_missed")
"""The first must not end as a drill; the second reminds that none was held."""


@pytest.mark.parametrize("use", WRITTEN)
def test_every_text_is_one_part_at_the_longest_values_and_nothing_a_provider_refuses(
    use: str,
) -> None:
    assert faults(WHOLE[use], SIGNATURE) == ()


DRILLED = [use for use in WRITTEN if "drill" in use and use not in NOT_OF_ONE]


@pytest.mark.parametrize("use", DRILLED)
def test_a_drill_says_so_first_and_last(use: str) -> None:
    assert WHOLE[use].startswith("演练") and WHOLE[use].endswith("演练")


def test_an_aborted_drill_does_not_end_as_a_drill() -> None:
    assert not WHOLE["drill_aborted"].endswith("演练")


def test_nothing_real_speaks_of_a_drill() -> None:
    real = [use for use in WHOLE if "drill" not in use]
    assert not [use for use in real if "演练" in WHOLE[use]]


def test_a_sensor_never_says_stood_down() -> None:
    assert [use for use in WHOLE if "解除" in WHOLE[use] and "stand_down" not in use] == []


def test_a_bettered_template_brings_its_told_variant() -> None:
    mine = complete({"yellow": "黄级：${site}，请到岗，收到回${code}。"})
    assert mine["yellow_tell"] == "黄级：${site}，请到岗，不用回复。"
    assert mine["red"] == WHOLE["red"]


def test_the_voice_lasts_about_sixteen_seconds() -> None:
    spoken = [render(WHOLE[u], {n: LONGEST[n] for n in names(WHOLE[u])}) for u in VOICES]
    assert max(len(text) for text in spoken) <= 80  # at about five characters a second


def test_a_signature_counts() -> None:
    assert sms_parts("字" * 70) == 1
    assert sms_parts("字" * 71) == 2
    assert sms_parts("字" * 134) == 2
    assert sms_parts("字" * 135) == 3
    assert sms_parts("字" * 69 + "🌊") == 2

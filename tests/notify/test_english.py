"""Screens in English say what the phone says in Chinese."""

from __future__ import annotations

import re

import pytest

from monitor.notify.english import in_english
from monitor.notify.sheet import LONGEST
from monitor.notify.templates import WHOLE
from monitor.notify.wording import names


@pytest.mark.parametrize("use", [use for use in WHOLE if not use.startswith("voice_")])
def test_every_written_use_has_its_english_with_no_variable_left(use: str) -> None:
    text = in_english(use, {name: LONGEST[name] for name in names(WHOLE[use])})
    assert not text.startswith(use) and "${" not in text


def test_levels_are_named_in_english() -> None:
    said = {"site": "S", "old": "黄", "new": "红", "time": "03:12", "level": "5.20", "area": "A"}
    assert re.match("S worsens from yellow to red, 03:12, 5.20 m", in_english("worse_red", said))


def test_a_drill_says_so_first_and_last() -> None:
    text = in_english("drill_tell", {"sev": "红", "site": "S", "time": "03:12", "level": "5.20"})
    assert text == "EXERCISE red: S, 03:12, simulated 5.20 m EXERCISE"


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert in_english("mine", {"site": "S"}) == "mine: S"

"""Templates as SMS providers want them: how long, what is refused, and the sheet to file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from monitor.notify.templates import VOICES, WHOLE
from monitor.notify.wording import WordingFault, names, render

Provider = Literal["aliyun", "tencent"]

ONE_PART, EACH_PART = 70, 67
"""Characters of one message, and of each part of a longer one; the signature counts."""

LONGEST: Mapping[str, str] = {
    "site": "上游石桥水文站", "bridge": "河西村漫水桥头", "time": "23:59", "level": "123.45",
    "gap": "0.50", "over": "12.34", "area": "河西一二组", "old": "橙", "new": "红", "sev": "红",
    "rate": "12.34", "eta": "120", "basis": "橙级线", "what": "24小时雨量", "amount": "123.5毫米",
    "because": "上游水库溃坝洪水下泄", "source": "县防办值班室",
    "code": "999", "yes": "999", "no": "888", "n": "10",
    "sites": "上游石桥水文站等12处",
    "reds": "上游石桥水文站、河西村漫水桥等12处",
    "duty": "石桥村村级责任人等12岗",
    "leader": "值班带班领导", "due": "23:59", "drill": "防汛转移演练",
    "period": "第四季度", "risk": "自然灾害", "plan": "防汛抗旱预案", "date": "12月31日",
    "place": "石桥村", "sub": "包村干部", "from": "23:59", "to": "23:59", "now": "橙",
    "count": "12", "kinds": "逾期预案等3类",
    "town": "云溪镇", "heard": "上游石桥水文站二十三点五十九分",
}  # fmt: skip
"""Examples at the length that a township meets; `monitor check` puts its own places in."""

_BARRED = re.compile("[【】「」『』〖〗★→]")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_ADJACENT = re.compile(r"\$\{\w+\}\s*\$\{\w+\}")
_SUBJECTS = ("党政", "党委", "书记")
"""Words that reviewers refuse as a subject: name the post, not the Party."""


class Row(NamedTuple):
    """One line of the sheet that is filed with the provider."""

    use: str
    text: str
    """In the provider's syntax, without the signature."""
    variables: tuple[str, ...]
    """In order; Tencent's numbers count along them."""
    example: str
    """At the longest values, signature included."""
    characters: int
    parts: int


def characters(text: str) -> int:
    """As providers count: UTF-16 units, so that an emoji counts two."""
    return len(text.encode("utf-16-le")) // 2


def sms_parts(text: str) -> int:
    """How many messages are paid for and joined on the phone; `text` with its signature."""
    length = characters(text)
    return 1 if length <= ONE_PART else -(-length // EACH_PART)


def faults(template: str, signature: str, longest: Mapping[str, str] = LONGEST) -> tuple[str, ...]:
    """What a provider would refuse, and a second part; each a sentence. `template`: the body."""
    found = []
    if barred := sorted(set(_BARRED.findall(template))):
        found.append(f"{''.join(barred)} is refused in the body; use （） or nothing")
    if _MOBILE.search(template):
        found.append("a mobile number is refused; write the duty room's fixed phone")
    if _ADJACENT.search(template):
        found.append("two variables stand side by side; put a word between them")
    used = _VARIABLE.findall(template)
    if twice := sorted({name for name in used if used.count(name) > 1}):
        found.append(f"{', '.join(twice)} is used twice; say it once")
    if subject := [word for word in _SUBJECTS if word in template]:
        found.append(f"{'、'.join(subject)} is barred as a subject; name the post")
    return (*found, *_length_faults(template, signature, longest))


def _length_faults(template: str, signature: str, longest: Mapping[str, str]) -> list[str]:
    try:
        text = _example(template, signature, longest)
    except WordingFault as fault:
        return [f"{fault}; the variables are listed in docs"]
    if sms_parts(text) == 1:
        return []
    return [f"{characters(text)} characters at the longest values; shorten it to {ONE_PART}"]


def _example(template: str, signature: str, longest: Mapping[str, str]) -> str:
    chosen = {name: longest[name] for name in names(template) if name in longest}
    return f"【{signature}】{render(template, chosen)}"


def sheet(
    provider: Provider,
    signature: str,
    templates: Mapping[str, str] = WHOLE,
    longest: Mapping[str, str] = LONGEST,
) -> tuple[Row, ...]:
    """One row for each text to file; voice texts are filed on a sheet of their own."""
    written = {use: text for use, text in templates.items() if not use.startswith("voice_")}
    return tuple(_rows(provider, signature, written, longest))


def voice_sheet(
    provider: Provider, templates: Mapping[str, str] = VOICES, longest: Mapping[str, str] = LONGEST
) -> tuple[Row, ...]:
    """The texts that are read out; no signature, no parts."""
    spoken = {use: text for use, text in templates.items() if use.startswith("voice_")}
    return tuple(row._replace(parts=0) for row in _rows(provider, "", spoken, longest))


def _rows(
    provider: Provider, signature: str, templates: Mapping[str, str], longest: Mapping[str, str]
) -> Iterable[Row]:
    for use, template in sorted(templates.items()):
        example = _example(template, signature, longest).removeprefix("【】")
        yield Row(
            use,
            in_syntax(provider, template),
            names(template),
            example,
            characters(example),
            sms_parts(example),
        )


def in_syntax(provider: Provider, template: str) -> str:
    """Aliyun writes ${name}, Tencent {1}, {2} … in order of appearance."""
    if provider == "aliyun":
        return template
    order = {name: number for number, name in enumerate(names(template), start=1)}
    return _VARIABLE.sub(lambda found: f"{{{order[found[1]]}}}", template)

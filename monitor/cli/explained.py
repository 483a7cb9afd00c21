"""What `monitor explain` prints: for officers in Chinese; in the township's own time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from monitor.alerting.severity import ZH, Severity
from monitor.cli.reasons import OUTCOMES, PATTERNS, REASONS, WORDS
from monitor.explaining import Contact, Explanation, Part
from monitor.judging.memory import Knowledge
from monitor.notify.instead import subject_matter
from monitor.notify.templates import WHOLE
from monitor.web.words import CONDITIONS, hazard_in


class Chinese:
    """The words of one township."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._people = knowledge.directory.people
        self._knowledge = knowledge

    def lines(self, found: Explanation, *, everybody: bool) -> Iterator[str]:
        """`everybody`: also what concerns no single person."""
        yield from self._head(found)
        for part in found.people:
            yield from self._part(part)
        for reason in found.nobody if everybody else ():
            yield f"无人被告知：{self._when(reason.at)}{self.why(reason.why)}"
        for one in found.gauges:
            at = self._when(datetime.fromisoformat(one.at))
            stead = f"改用{self._sensor(one.used)}" if one.used else "恢复自测"
            yield f"{at}{self._sensor(one.sensor)}（{_believed(one.because)}）：{stead}"
        for mark in found.marks:
            value = "" if mark.value is None else f" {mark.value:g}"
            seen = f"{self._sensor(mark.sensor)} {self._when(mark.observed_at).strip()}{value}"
            verdict = "属实" if mark.real else "误报"
            yield f"{seen}：{self._name(mark.by)}判断为{verdict}，{mark.why}"

    def why(self, reason: str) -> str:
        """Why something was not sent or nobody was told; a provider's words stay as they are."""
        if reason in REASONS:
            return REASONS[reason]
        for pattern, said in PATTERNS:
            if found := re.fullmatch(pattern, reason):
                return said.format(**{k: self._filled(k, v) for k, v in found.groupdict().items()})
        return reason

    def _head(self, found: Explanation) -> Iterator[str]:
        told = f"，曾按{_level(found.told)}叫应，迟到数据表明没有那么高" if found.overcalled else ""
        ended = f"，{self._when(found.cleared_at)}回落" if found.cleared_at else ""
        drill = found.scope.split("/")[-1] if "/EXERCISE/" in found.scope else ""
        yield (
            (f"演练 {drill} " if drill else "")
            + f"{found.site_name} {hazard_in('zh')(found.hazard)}，"
            f"最高{_level(found.worst)}{told}，{self._when(found.opened_at)}起{ended}"
        )
        yield f"编号 {found.alert}；以下为当地时间（{self._people.zone}）"

    def _part(self, part: Part) -> Iterator[str]:
        yield f"{part.name}（{part.person}）"
        for call in part.calls:
            yield from self._call(call)
        for answer in part.answers:
            by = f"，{self._name(answer.by)}登记" if answer.by != part.person else ""
            level = _level(answer.severity)
            said = f"应答：{_said(answer.word)}（{level}，{_said(answer.via)}{by}）"
            yield f"  {self._when(answer.at)}{said}"
        for reason in part.why_not:
            yield f"  未叫：{self._when(reason.at)}{self.why(reason.why)}"

    def _call(self, call: Contact) -> Iterator[str]:
        asks = "" if call.asks else "（不需应答）"
        held = f"{self._when(call.held_at)}起暂缓" if call.held_at else ""
        beside = f"与另外{call.told_with}条合并" if call.told_with else ""
        # what the last try below says, and that it was merged, is said once
        said_below = call.tries and call.reason == call.tries[-1].reason
        is_twice = said_below or (beside and call.reason.startswith("told together"))
        why = "" if is_twice else self.why(call.reason)
        said = "；".join(dict.fromkeys(filter(None, (why, call.undelivered, held, beside))))
        told = f"{call.result}，{said}" if said else call.result
        yield f"  {self._when(call.at)}{call.medium} {title_of(call.use)}{asks}：{told}"
        for one in call.tries:
            yield f"    {self._when(one.at)}{OUTCOMES[one.outcome]} {self.why(one.reason)}".rstrip()
        if call.delivered_at:
            yield f"    {self._when(call.delivered_at)}已送达"

    def _filled(self, name: str, said: str) -> str:
        match name:
            case "step":
                return str(int(said) + 1)
            case "duty":
                known = self._people.duties.get(said)
                return known.title if known else said
            case "person":
                return self._name(said)
            case "why":
                return self.why(said)
            case "at":
                return self._when(datetime.fromisoformat(said)).strip()
            case "level":
                return CONDITIONS.get(said) or _level(said)
            case "word":
                return _said(said)
        return said

    def _name(self, person: str) -> str:
        known = self._people.persons.get(person)
        return known.name if known else person

    def _sensor(self, sensor: str) -> str:
        known = self._knowledge.sensors.get(sensor)
        return (known.name or sensor) if known else sensor

    def _when(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._people.zone):%m-%d %H:%M:%S} " if at else ""


class English:
    """As it is kept: the names of templates, ids of persons; in the township's time too."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._zone = knowledge.directory.people.zone

    def lines(self, found: Explanation, *, everybody: bool) -> Iterator[str]:
        """See Chinese."""
        told = f", told {found.told}: late values showed less" if found.overcalled else ""
        what = f"{found.scope}  {found.site} {found.hazard}, worst {found.worst}{told}"
        yield f"{found.alert}  {what}, since {self._when(found.opened_at)}({self._zone})"
        for part in found.people:
            yield from self._part(part)
        for reason in found.nobody if everybody else ():
            yield f"nobody: {self._when(reason.at)}{reason.why}"
        for one in found.gauges:
            stead = f"{one.used} is used instead" if one.used else "speaks for itself again"
            at = self._when(datetime.fromisoformat(one.at))
            yield f"{at}{one.sensor} ({one.because}): {stead}"
        for mark in found.marks:
            value = "" if mark.value is None else f"{mark.value:g} "
            seen = f"{mark.sensor} {self._when(mark.observed_at)}{value}"
            verdict = "real" if mark.real else "false"
            yield f"{seen}said to be {verdict} by {mark.by}: {mark.why}"

    def _part(self, part: Part) -> Iterator[str]:
        yield f"{part.name} ({part.person})"
        for call in part.calls:
            asks = "" if call.asks else ", no answer asked"
            held = f"held back from {self._when(call.held_at).strip()}" if call.held_at else ""
            beside = f"in one message with {call.told_with} more" if call.told_with else ""
            words = "; ".join(filter(None, (call.reason, call.undelivered, held, beside)))
            said = f"{call.medium} {call.use}{asks}: {call.result} {words}".rstrip()
            yield f"  {self._when(call.at)}{said}"
            for one in call.tries:
                came = f"{one.outcome or 'under way'} {one.reason}".rstrip()
                yield f"    {self._when(one.at)}{call.channel}: {came}"
            if call.delivered_at:
                yield f"    {self._when(call.delivered_at)}delivered"
        for answer in part.answers:
            by = f", entered by {answer.by}" if answer.by != part.person else ""
            said = f"answered at {answer.severity}: {answer.word}, {answer.via}{by}"
            yield f"  {self._when(answer.at)}{said}"
        for reason in part.why_not:
            yield f"  not called: {self._when(reason.at)}{reason.why}"

    def _when(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._zone):%m-%d %H:%M:%S} " if at else ""


def title_of(use: str) -> str:
    """What a message is called: the words before its first colon; 红级叫应, 叫应上提, …"""
    if use in WORDS:
        return WORDS[use]
    text = WHOLE.get(subject_matter(use), "")
    head = re.split("[：，！]", text.partition("${sev}")[0])[0]
    return {"": "叫应", "演练": "演练叫应"}.get(head, head)


def _level(severity: str) -> str:
    return f"{ZH[Severity[severity]]}级" if severity in Severity.__members__ else severity


def _believed(condition: str) -> str:
    return CONDITIONS.get(condition, "可信")


def _said(word: str) -> str:
    return WORDS.get(word, word)

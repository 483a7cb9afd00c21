"""What the store and the providers say of a storm, read without the service's own code.

SQL of the file as it stands, and the log of what the providers took.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks.valley import Station

SEVERITIES = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
RED = SEVERITIES["red"]
LIMITS = {60: 1, 3600: 6, 86_400: 20}
"""Seconds → texts to one number besides red, as config/service.yaml sets them."""
_TEXTS = ("aliyun", "tencent")


class Taken(NamedTuple):
    """One message as a provider took it."""

    provider: str
    to: str
    reference: str
    at: float


class Promise(NamedTuple):
    """A row of the outbox."""

    id: str
    subject: str
    person: str
    channel: str
    use: str
    severity: int
    created: float
    state: str
    reason: str
    held_at: int | None
    told_by: str | None
    site: str


@dataclass(slots=True)
class Told:
    """What was found; `broken` holds a line for each promise that does not hold."""

    first_of: dict[str, list[float]] = field(default_factory=dict)
    """What the first SMS was about → seconds from the reading, sorted."""
    states: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Channel, state, reason → how many promises."""
    texts: int = 0
    most: dict[int, int] = field(default_factory=dict)
    """Seconds → most texts besides red to one number within them."""
    below_red_at_red: int = 0
    """Most texts to one number within a minute that are below red and speak of a place at red: the
    service counts them as red. `most` leaves them out."""
    held: int = 0
    broken: list[str] = field(default_factory=list)


_PROMISES = """
SELECT n.id, n.subject, n.person, n.channel, n.use, n.severity, n.created_at / 1e6, n.state,
       n.reason, n.held_at, n.told_by, coalesce(a.site, '')
FROM notifications n LEFT JOIN alerts a ON a.id = n.subject
"""


def judge(
    store: Path,
    taken: Sequence[Taken],
    gauges: Sequence[Station],
    crossed: Mapping[tuple[str, int], float],
    published: int,
) -> Told:
    """`crossed`: (site, severity) → when a reading first reached it, in seconds since 1970."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as conn:
        promises = {row[0]: Promise(*row) for row in conn.execute(_PROMISES)}
        kept, quarantined = (
            conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("observations", "quarantine")
        )
        alerts = dict(conn.execute("SELECT site, worst FROM alerts"))
    found = Told()
    if (kept, quarantined) != (published, 0):
        found.broken.append(f"{published} published, {kept} kept, {quarantined} quarantined")
    worst = dict(sorted(crossed))
    for site, severity in worst.items():
        if alerts.get(site) != severity:
            found.broken.append(f"{site} reached {severity}, its alert {alerts.get(site)}")
    texts = [one for one in taken if one.provider in _TEXTS and one.reference in promises]
    _latencies(found, texts, promises, crossed)
    _limits(found, texts, promises, crossed)
    _settled(found, taken, promises)
    _reds(found, promises, gauges, crossed)
    return found


def _parts(promises: Iterable[Promise]) -> dict[str, list[Promise]]:
    parts = defaultdict(list)
    for one in promises:
        if one.told_by:
            parts[one.told_by].append(one)
    return parts


def _latencies(
    found: Told,
    texts: Iterable[Taken],
    promises: Mapping[str, Promise],
    crossed: Mapping[tuple[str, int], float],
) -> None:
    parts = _parts(promises.values())
    told: dict[tuple[str, int], float] = {}
    persons: dict[str, tuple[float, float]] = {}
    at_once = []
    for text in texts:
        one = promises[text.reference]
        for part in (one, *parts.get(one.subject, ())):
            for severity in range(1, part.severity + 1):
                told.setdefault((part.site, severity), text.at)
        reading = crossed.get((one.site, one.severity))
        if reading is not None and one.held_at is None:
            at_once.append(text.at - reading)
    for one in promises.values():
        reading = crossed.get((one.site, one.severity))
        if reading is not None and one.channel.startswith("sms"):
            persons.setdefault(one.person, (reading, 0.0))
            persons[one.person] = min(persons[one.person], (reading, 0.0))
    first: dict[str, float] = {}
    for text in texts:
        first.setdefault(promises[text.reference].person, text.at)
    reds = [told[key] - at for key, at in crossed.items() if key[1] == RED and key in told]
    begun = {site: at for (site, severity), at in sorted(crossed.items(), reverse=True)}
    places = [told[site, 1] - at for site, at in begun.items() if (site, 1) in told]
    missing = [site for site in begun if (site, 1) not in told]
    found.broken += [f"no SMS about {site}" for site in missing]
    found.first_of = {
        "a red": sorted(reds),
        "a person": sorted(at - persons[who][0] for who, at in first.items() if who in persons),
        "whatever was not held back": sorted(at_once),
        "a place, what was held back included": sorted(places),
    }


def _limits(
    found: Told,
    texts: Sequence[Taken],
    promises: Mapping[str, Promise],
    crossed: Mapping[tuple[str, int], float],
) -> None:
    """Red is no limit's: neither a red text nor any other about a place that is at red."""
    sent: dict[str, list[float]] = defaultdict(list)
    at_red: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        one = promises[text.reference]
        if one.severity < RED:
            stands = crossed.get((one.site, RED), text.at + 1) <= text.at
            (at_red if stands else sent)[text.to].append(text.at)
    found.below_red_at_red = max((_most(sorted(at), 60) for at in at_red.values()), default=0)
    found.texts = len(texts)
    for seconds, limit in LIMITS.items():
        most = {to: _most(sorted(at), seconds) for to, at in sent.items()}
        found.most[seconds] = max(most.values(), default=0)
        over = sum(count > limit for count in most.values())
        if over:
            found.broken.append(f"{over} numbers got more than {limit} texts in {seconds} s")


def _most(at: Sequence[float], within: float) -> int:
    """A second is forgiven: a text is counted when it is claimed, and taken a moment later."""
    return max(n - bisect_left(at, last - within + 1.0) + 1 for n, last in enumerate(at))


def _settled(found: Told, taken: Iterable[Taken], promises: Mapping[str, Promise]) -> None:
    copies = Counter(one.reference for one in taken if one.reference)
    by_subject = {one.subject: one for one in promises.values()}
    for one in promises.values():
        found.states[one.channel, one.state, one.reason] += 1
        if copies[one.id] > 1:
            found.broken.append(f"{one.use} went out {copies[one.id]} times")
        if one.state in ("waiting", "sending", "held", "merged") and one.channel != "voice":
            found.broken.append(f"{one.use} to {one.person} is {one.state}: {one.reason}")
        if one.held_at is None:
            continue
        found.held += 1
        by = by_subject.get(one.told_by or "")
        times = copies[one.id] + (copies[by.id] if by is not None else 0)
        if one.state != "superseded" and times != 1:
            found.broken.append(f"{one.use} was held back and told {times} times")


def _reds(
    found: Told,
    promises: Mapping[str, Promise],
    gauges: Iterable[Station],
    crossed: Mapping[tuple[str, int], float],
) -> None:
    told = {
        (one.site, one.person)
        for one in promises.values()
        if one.severity == RED and one.state == "accepted"
    }
    for gauge in gauges:
        if (gauge.site, RED) in crossed:
            missed = [who for who in gauge.called if (gauge.site, who) not in told]
            found.broken += [f"{who} was not called for the red of {gauge.site}" for who in missed]
    held = sum(one.held_at is not None and one.severity == RED for one in promises.values())
    if held:
        found.broken.append(f"{held} red messages were held back")

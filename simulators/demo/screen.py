"""The demo on a terminal: the sites on the left, the phones on the right, the clock above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Console, Group
from rich.layout import Layout
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.alerting.severity import Severity
from monitor.app import Service
from monitor.notify.escalation import Ladder
from monitor.reference.places import Sensor, Site
from simulators.demo.feed import Entry, Feed
from simulators.demo.story import ZONE

COLOURS = {
    Severity.NORMAL: "green",
    Severity.BLUE: "dodger_blue1",
    Severity.YELLOW: "yellow",
    Severity.ORANGE: "dark_orange",
    Severity.RED: "bold red",
}
MARKS = (
    (("叫应上提",), "bold magenta"),
    (("回落", "解除", "已离桥"), "green"),
    (("升红级", "红级", "立即转移"), "bold red"),
    (("升橙级", "橙级", "准备转移", "有人上桥"), "dark_orange"),
    (("升黄级", "黄级", "上游来水"), "yellow"),
    (("关注",), "dodger_blue1"),
)
"""The first word that is found in a message gives its colour."""
WIDTH, HEIGHT = 80, 24
"""The least that it needs."""
KINDS = {"act": "bold cyan", "note": "italic", "answers": "green", "dead": "bold red"}
LEFT = 40
"""Columns."""
TIME = 6
"""Columns of the time before each entry."""
BAR = 24
"""Columns; its middle is the warning level."""
BAR_HALF_M = 2.5
"""Metres below and above the warning level that the bar shows."""


class Screen:
    """Redrawn whole each frame."""

    def __init__(
        self, console: Console, feed: Feed, service: Service, words: Mapping[str, str]
    ) -> None:
        self._console = console
        self._feed = feed
        self._service = service
        self._words = words
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._live.start()

    def frame(self, now: datetime, calling: Sequence[Ladder]) -> None:
        layout = Layout()
        layout.split_column(Layout(self._head(now), size=3), Layout(name="body"))
        left = Layout(size=LEFT)
        left.split_column(
            Layout(Panel(Group(*self._sites()), title=self._words["sites"]), ratio=3),
            Layout(Panel(self._waiting(now, calling), title=self._words["waiting"]), ratio=2),
        )
        height = self._console.height - 5
        width = self._console.width - LEFT - 4
        phones = Panel(self._phones(height, width), title=self._words["phones"])
        layout["body"].split_row(left, Layout(phones))
        self._live.update(layout, refresh=True)

    def close(self) -> None:
        self._live.stop()

    def _head(self, now: datetime) -> Panel:
        acts = [entry.heading for entry in self._feed.entries if entry.kind == "act"]
        line = Table.grid(expand=True)
        line.add_column()
        line.add_column(justify="right")
        clock = Text(f"{now.astimezone(ZONE):%m-%d %H:%M:%S}", style="bold")
        line.add_row(Text(acts[-1] if acts else self._words["title"], style="bold cyan"), clock)
        return Panel(line, title=self._words["title"])

    def _sites(self) -> Iterator[Text]:
        knowledge, memory = self._service.settings.knowledge, self._service.ingest.memory
        level = {s.site: s for s in knowledge.sensors.values() if s.quantity == "level"}
        worst: dict[str, Severity] = {}
        for alert in memory.alerts.values():
            worst[alert.site] = max(worst.get(alert.site, Severity.NORMAL), alert.severity)
        for site in knowledge.sites.values():
            severity = worst.get(site.id, Severity.NORMAL)
            yield from self._site(site, level.get(site.id), severity)

    def _site(self, site: Site, sensor: Sensor | None, severity: Severity) -> Iterator[Text]:
        colour = COLOURS[severity]
        name = Text(site.name, style=colour)
        name.append(f"  {self._words[severity.name.lower()]}")
        value = self._value(sensor)
        if value is not None and site.warning_level is not None:
            over = round(value - site.warning_level, 2)
            said = self._words["over" if over >= 0 else "below"].format(m=abs(over))
            name.append(f"  {said}")
            yield name
            yield _bar(over, colour)
        else:
            yield name
        yield Text("")

    def _value(self, sensor: Sensor | None) -> float | None:
        for key, track in self._service.ingest.memory.tracks.items():
            if sensor is not None and key.sensor == sensor.id and track.last is not None:
                return track.last.value
        return None

    def _waiting(self, now: datetime, calling: Sequence[Ladder]) -> Text:
        """Whom the ladders ring now, and for how long nobody has answered."""
        lines = Text()
        sites = self._service.settings.knowledge.sites
        alerts = {a.id: a for a in self._service.ingest.memory.alerts.values()}
        for ladder in sorted(calling, key=lambda one: (-one.severity, one.opened_at)):
            alert = alerts.get(ladder.alert)
            site = sites[alert.site].name if alert else ""
            minutes = (now - ladder.opened_at).total_seconds() / 60
            title = ladder.steps[0].title if ladder.steps else ladder.duty
            lines.append(f"{site} {title} {minutes:.0f}′", style=COLOURS[ladder.severity])
            if ladder.step:
                lines.append(f" ↑{ladder.steps[ladder.step].title}", style="bold magenta")
            lines.append("\n")
        return lines

    def _phones(self, height: int, width: int) -> Table:
        """The newest entries that fit, oldest above."""
        shown: list[tuple[str, Text]] = []
        left = height
        for entry in reversed(self._feed.entries):
            at = "" if entry.kind == "act" else f"{entry.at.astimezone(ZONE):%H:%M}"
            text = _text(entry)
            left -= len(text.wrap(self._console, width - TIME))
            if left < 0:
                break
            shown.append((at, text))
        table = Table.grid(padding=(0, 1))
        table.add_column(width=TIME - 1)
        table.add_column(overflow="fold")
        for row in reversed(shown):
            table.add_row(*row)
        return table


def _bar(over: float, colour: str) -> Text:
    """How high the water stands; the mark in the middle is the warning level."""
    share = min(max((over + BAR_HALF_M) / (2 * BAR_HALF_M), 0.0), 1.0)
    filled = round(share * BAR)
    bar = Text()
    for column in range(BAR):
        if column == BAR // 2:
            bar.append("┃", style="bold")
        bar.append("█" if column < filled else "░", style=colour if column < filled else "grey37")
    return bar


def _text(entry: Entry) -> Text:
    if entry.kind == "message":
        style = next((s for words, s in MARKS if any(w in entry.text for w in words)), "")
        return Text(entry.heading, style="bold").append(f"\n{entry.text}", style=style)
    return Text(entry.line(), style=KINDS[entry.kind])

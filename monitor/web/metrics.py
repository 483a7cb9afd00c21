"""`/metrics`: the text format of Prometheus, version 0.0.4, written by hand: a dozen lines need no
library with a registry of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from fastapi import APIRouter, Response

from monitor.notify.delivery import Delivery
from monitor.notify.health import Health
from monitor.web.service import Here, Service

router = APIRouter(tags=["health"])

WINDOW = timedelta(hours=24)
CLOCKS_WITHIN = timedelta(minutes=30)
LOOK_BACK = timedelta(minutes=30)


class Metric(NamedTuple):
    """One family with its samples, each a value under labels."""

    name: str
    kind: str
    help: str
    samples: list[tuple[dict[str, str], float]]

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            inner = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{{{inner}}} {value:.15g}" if inner else f"{self.name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


@router.get("/metrics")
async def metrics(here: Here) -> Response:
    """Counters begin anew at each start."""
    lines = [line for metric in await families(here) for line in metric.lines()]
    return Response("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4; charset=utf-8")


async def families(here: Service) -> list[Metric]:
    now, elapsed = here.clock.now(), here.clock.elapsed()
    quarantined = await here.store.quarantined_within(now, WINDOW)
    floods = await here.store.floods(here.desk.actual, now - WINDOW)
    states = await here.store.outbox_states()
    matters = await here.store.open_matters()
    open_by: dict[tuple[str, str], int] = {}
    for alert in matters:
        key = (alert.scope.status.value, alert.severity.name.lower())
        open_by[key] = open_by.get(key, 0) + 1
    return [
        *_intake(here, now, quarantined),
        Metric("monitor_flooded_24h", "gauge", "Messages beyond a device's quota, not judged.", [
            ({"device": name}, n) for name, n in sorted(floods.items())
        ]),
        *_workers(here, elapsed),
        *await _clocks(here, now),
        Metric("monitor_alerts_open", "gauge", "Alerts that are not over.", [
            ({"status": status, "severity": severity}, n)
            for (status, severity), n in sorted(open_by.items())
        ]),
        Metric("monitor_outbox", "gauge", "Promised messages by what became of them.", [
            ({"state": state.value}, states.get(state, 0)) for state in Delivery
        ]),
        *await _channels(here, now),
    ]  # fmt: skip


async def _channels(here: Service, now: datetime) -> list[Metric]:
    tried = await here.store.tried(now - LOOK_BACK)
    known = await here.store.channel_health()
    ids = [channel.id for channel in here.settings.knowledge.directory.channels]
    how = {id: known.get(id, Health(id)) for id in ids}
    due = {id: await here.store.next_due(id) for id in ids}
    return [
        Metric("monitor_outbox_overdue_seconds", "gauge", "Age of the oldest that is due.", [
            ({"channel": id}, _age(now, when)) for id, when in due.items()
        ]),
        Metric("monitor_channel_alive", "gauge", "0 while nothing is sent by it.", [
            ({"channel": id}, not one.is_down) for id, one in how.items()
        ]),
        Metric("monitor_channel_failures_in_a_row", "gauge", "By the channel's own fault.", [
            ({"channel": id}, one.failures) for id, one in how.items()
        ]),
        Metric("monitor_channel_attempts_30m", "gauge", "Attempts of the last half hour.", [
            ({"channel": id, "result": result}, n)
            for id, counts in sorted(tried.items())
            for result, n in zip(("accepted", "failed"), counts, strict=True)
        ]),
    ]  # fmt: skip


def _intake(here: Service, now: datetime, quarantined: int) -> Iterator[Metric]:
    subscriber = here.subscriber
    yield Metric(
        "monitor_received_total", "counter", "Messages from the broker.",
        [({}, subscriber.received)],
    )  # fmt: skip
    yield _gauge("monitor_broker_connected", "1 while the session stands.", subscriber.connected)
    yield _gauge("monitor_inbox_messages", "Came and not kept yet.", subscriber.waiting)
    yield _gauge("monitor_lag_seconds", "Age of the oldest of them.", _age(now, subscriber.oldest))
    yield _gauge("monitor_quarantined_24h", "Messages that could not be used.", quarantined)


def _workers(here: Service, elapsed: float) -> Iterator[Metric]:
    workers = sorted(here.board.workers.items())
    standing = {one.worker for one in here.board.standstills(elapsed)}
    yield Metric(
        "monitor_worker_standstill", "gauge", "1: it hangs, is held up or stays down.",
        [({"worker": name}, float(name in standing)) for name, _ in workers],
    )  # fmt: skip
    yield Metric(
        "monitor_worker_done_total", "counter", "Units of work finished.",
        [({"worker": name}, one.done) for name, one in workers],
    )  # fmt: skip
    yield Metric(
        "monitor_worker_failures_total", "counter", "Units of work that failed.",
        [({"worker": name}, one.failures) for name, one in workers],
    )  # fmt: skip
    yield Metric(
        "monitor_worker_idle_seconds", "gauge", "Since its last progress.",
        [
            ({"worker": name}, elapsed - one.at_elapsed_s)
            for name, one in workers
            if one.at_elapsed_s
        ],
    )  # fmt: skip


async def _clocks(here: Service, now: datetime) -> list[Metric]:
    skewed = await here.store.skewed(here.desk.actual, now - CLOCKS_WITHIN)
    counted = await here.store.uncounted_since()
    step = here.clock.wall_step().total_seconds()
    return [
        _gauge("monitor_clock_step_seconds", "The machine's wall clock minus ours.", step),
        Metric("monitor_sensor_clock_skew_seconds", "gauge", "A wrong one minus ours.", [
            ({"sensor": sensor}, skew) for sensor, skew in sorted(skewed.items())
        ]),
        _gauge("monitor_rollups_behind_seconds", "Since the newest.", _age(now, counted)),
    ]  # fmt: skip


def _gauge(name: str, help: str, value: float) -> Metric:
    return Metric(name, "gauge", help, [({}, value)])


def _age(now: datetime, since: datetime | None) -> float:
    """Seconds; 0 where nothing waits or it lies ahead."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0

"""Composition root: opens what is needed, starts the supervised, named workers, closes it all."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.acts import Desk
from monitor.broker import embedded_broker
from monitor.clock import Clock, SystemClock
from monitor.judging.memory import Knowledge
from monitor.mqtt import BrokerAddress, Subscriber
from monitor.notify.channel import Channel
from monitor.readiness.facts import Facts
from monitor.scope import Scope, Status
from monitor.settings import Settings
from monitor.store.store import Store
from monitor.web import create, listener, serve
from monitor.workers.announce import Announce
from monitor.workers.bells import Bells
from monitor.workers.confirm import confirming
from monitor.workers.deliver import Deliver
from monitor.workers.escalate import Escalate
from monitor.workers.heartbeat import last_will
from monitor.workers.ingest import Ingest
from monitor.workers.rollups import Rollups
from monitor.workers.schedule import Schedule
from monitor.workers.supervise import Board, WorkerFailed, supervised
from monitor.workers.watched import watched

log = logging.getLogger(__name__)

PREFIXES = ("", "exercise/+/", "test/+/")
"""Of every source's filter: what is real, what is a drill, what is a test."""


@dataclass(frozen=True, slots=True)
class Service:
    """The running parts, for the web, the demo and the tests."""

    settings: Settings
    clock: Clock
    store: Store
    subscriber: Subscriber
    ingest: Ingest
    escalate: Escalate
    schedule: Schedule
    delivers: tuple[Deliver, ...]
    board: Board
    desk: Desk
    broker_port: int


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Service]:
    """Everything open, no worker started yet; all closed at the end, nothing lost."""
    async with AsyncExitStack() as stack:
        port = settings.broker.port
        if settings.broker.embedded:
            port = stack.enter_context(embedded_broker(port))
        settings.store.parent.mkdir(parents=True, exist_ok=True)
        store = await stack.enter_async_context(Store.opened(settings.store, settings.store_key))
        service = _assemble(settings, clock, store, port)
        for deliver in service.delivers:
            stack.callback(deliver.close)
            await deliver.open()
        await service.ingest.open()
        await stack.enter_async_context(service.subscriber)
        yield service


def _assemble(settings: Settings, clock: Clock, store: Store, port: int) -> Service:
    knowledge, board, bells = settings.knowledge, Board(), Bells()
    escalate = Escalate(knowledge, store, clock, board, bells.promised)
    delivers = tuple(
        Deliver(
            channel,
            secrets,
            store,
            clock,
            board,
            bells.promised,
            bells.looked,
            knowledge.directory,
            Scope(knowledge.township, Status.ACTUAL, ""),
        )
        for channel, secrets in with_secrets(settings)
    )
    bells.escalate = escalate
    bells.delivers.update({deliver.channel: deliver for deliver in delivers})
    ingest = Ingest(knowledge, store, clock, board, bells.kept)
    subscriber = _subscriber(settings, clock, port)
    ingest.committed = confirming(knowledge, subscriber)
    return Service(
        settings=settings,
        clock=clock,
        store=store,
        subscriber=subscriber,
        ingest=ingest,
        escalate=escalate,
        schedule=_schedule(settings, ingest, store, clock, board),
        delivers=delivers,
        board=board,
        desk=Desk(knowledge, store, clock, ingest.order, bells.look_everywhere),
        broker_port=port,
    )


def facts_of(settings: Settings, listening_since: datetime) -> Facts:
    """What is entered, for the checks; what is seen is put in at each sweep."""
    knowledge = settings.knowledge
    return Facts(
        directory=knowledge.directory,
        sensors=knowledge.sensors,
        plans={plan.id: plan for plan in settings.plans},
        drills=settings.drills,
        letters=settings.letters,
        season=settings.calendar.season,
        office=settings.calendar.office,
        listening_since=listening_since,
    )


def with_secrets(settings: Settings) -> Iterator[tuple[Channel, Mapping[str, str]]]:
    """Each channel with the secrets that its kind asks for."""
    for channel in settings.knowledge.directory.channels:
        yield channel, settings.secrets.get(channel.id, {})


def _schedule(
    settings: Settings, ingest: Ingest, store: Store, clock: Clock, board: Board
) -> Schedule:
    return Schedule(
        scope=Scope(settings.knowledge.township, Status.ACTUAL, ""),
        facts=facts_of(settings, clock.now()),
        checks=settings.checks,
        memory=lambda: ingest.memory,
        store=store,
        clock=clock,
        progress=board.of("schedule"),
        minute=settings.calendar.sweep_minute,
        keep_calls=settings.retention.calls,
    )


def _subscriber(settings: Settings, clock: Clock, port: int) -> Subscriber:
    broker = settings.broker
    address = BrokerAddress(
        host=broker.host,
        port=port,
        client_id=broker.client_id,
        username=broker.username,
        password=broker.password,
        tls=broker.tls,
        ca_file=broker.ca_file,
        session_expiry=broker.session_expiry,
        keepalive=broker.keepalive,
        in_flight=broker.in_flight,
        will=last_will(settings.knowledge.township),
    )
    return Subscriber(
        address,
        filters_of(settings.knowledge),
        clock,
        linger=broker.linger.total_seconds(),
        most=broker.batch,
        room=broker.inbox,
    )


def filters_of(knowledge: Knowledge) -> list[str]:
    """What ingest subscribes to; never `risk-out/`, which is our own voice."""
    wanted = dict.fromkeys(source.filter for source in knowledge.sources)
    return [prefix + topic for topic in wanted for prefix in PREFIXES]


async def work(service: Service, *extra: tuple[str, Callable[[], Awaitable[None]]]) -> None:
    """Run every worker until cancelled. `extra` (the web) may stay down; the others end the
    service when they fail five times in a minute: raises WorkerFailed."""
    workers = [
        ("ingest", lambda: service.ingest.listen(service.subscriber)),
        ("tick", service.ingest.tick),
        ("escalate", service.escalate.run),
        ("schedule", service.schedule.run),
        *((f"deliver {deliver.channel}", deliver.run) for deliver in service.delivers),
    ]
    async with asyncio.TaskGroup() as tasks:
        for essential, named in ((True, workers), (False, extra)):
            for name, run in named:
                started = supervised(
                    name, run, board=service.board, clock=service.clock, essential=essential
                )
                tasks.create_task(started, name=name)


def web(service: Service) -> Callable[[], Awaitable[None]]:
    """The worker that serves the desk's pages and the API."""
    door = service.settings.door

    def bound(port: int) -> None:
        host = f"[{door.host}]" if ":" in door.host else door.host
        print(f"值班台 / duty desk: http://{host}:{port}/", flush=True)

    turn = partial(service.board.of("web").step, service.clock, 0)
    return lambda: serve(create(service), door.host, door.port, bound, turn)


def spare_the_collector() -> None:
    """Once memory is loaded: what is known lives as long as the process and makes no rings, so
    looking through it again and again would cost three quarters of the time of judging."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def serve_until_stopped(settings: Settings) -> int:
    """The service as `make run` starts it. Ctrl-C and SIGTERM stop it cleanly; the exit code."""
    door = settings.door
    try:
        listener(door.host, door.port).close()
    except OSError as fault:
        print(
            f"{door.host}:{door.port}: {fault.strerror}; end what listens there, or choose another "
            "web: port in service.yaml",
            file=sys.stderr,
        )
        return 1
    clock = SystemClock()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, clock) as service:
        _greet(service)
        spare_the_collector()
        async with watched(settings, service.subscriber, clock, service.board, os.environ) as more:
            extra = (
                ("web", web(service)),
                ("rollups", _rollups(service).run),
                ("announce", _announce(service).run),
                *more,
            )
            working = asyncio.create_task(work(service, *extra), name="workers")
            return await _ended(working, stop)


def _rollups(service: Service) -> Rollups:
    settings, kept = service.settings, service.settings.retention
    return Rollups(
        settings.knowledge,
        service.store,
        service.clock,
        service.board,
        settings.zone,
        (kept.readings, kept.readings_of_alerts),
    )


def _announce(service: Service) -> Announce:
    known, ingest = service.settings.knowledge, service.ingest
    heard = service.subscriber, service.clock, service.board
    return Announce(known, lambda: ingest.memory, *heard)


async def _ended(working: asyncio.Task[None], stop: asyncio.Event) -> int:
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        log.info("stopped; what was not finished is kept and goes on at the next start")
    except ExceptionGroup as group:
        failed, others = group.split(WorkerFailed)
        if failed is None or others is not None:
            raise
        log.critical("the service ends: %s", failed.exceptions[0])
        return 1
    return 0


def _greet(service: Service) -> None:
    settings = service.settings
    where = f"{settings.broker.host}:{service.broker_port}"
    town = settings.knowledge.directory.township_name
    print(f"{town}：监测服务已启动，消息服务器 {where}", flush=True)
    if settings.broker.embedded:
        words = "内置消息服务器只供试用，断电即丢。 / Embedded broker: not durable, for trial."
        print(words, flush=True)

"""SIGKILL the deliverer, while its gateway fails now and then.

The real service sends what stands in its outbox: red, to as many persons, each told once. Its
first channel is unsteady, the second is sound. Trials take turns: the first channel is Aliyun's
SMS, which can be asked what became of a message, or WeCom, which cannot. The service waits a second
for an answer, instead of five, and what is slower takes two.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.broker import free_port
from monitor.clock import SystemClock
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.delivery import MOST_COPIES, UNREACHED, Delivery
from monitor.notify.templates import complete
from monitor.notify.wording import word
from monitor.scope import Scope, Status
from monitor.store.store import Store
from monitor.store.tables import attempts, notifications
from simulators.gateways.gateway import Gateway, Order, Trouble
from simulators.gateways.township import ENVIRONMENT, channels, providers
from tests.faults.fault import Fault, Trial, rng
from tests.faults.world import TOWNSHIP, Town, service, town

MESSAGES = 67
SIGN = "云溪镇政府"
TROUBLES = ((Trouble.BUSY, 0.05), (Trouble.DROP, 0.07), (Trouble.SLOW, 0.02))
SLOWER_S = 2.0
WAITS_S = 1.0
HASTY = f"import monitor.providers.outbound as outbound; outbound.READ_S = {WAITS_S}"
ASKABLE = 0.02
"""The share of doubled messages where the gateway can be asked."""
WAYS = (
    (("sms", "aliyun"), ("sms_second", "tencent")),
    (("wecom", "wecom_app"), ("sms", "aliyun")),
)
"""(channel, its provider), the unsteady one first: one that can be asked, one that cannot."""
UNDER_WAY = (Delivery.WAITING, Delivery.SENDING, Delivery.HELD)


class Unsteady(Gateway):
    """A gateway of which one provider does so many in a hundred wrong."""

    unsteady = ""
    dice = Random()

    def next_order(self, provider: str) -> Order | None:
        if provider != self.unsteady:
            return None
        with self._lock:
            thrown = self.dice.random()
        for trouble, share in TROUBLES:
            if thrown < share:
                return Order(trouble, None, SLOWER_S)
            thrown -= share
        return None


class Sent(NamedTuple):
    """One promise as it stands at the end."""

    person: str
    channel: str
    address: str
    state: Delivery
    unsure: int
    """Attempts that may have gone out."""


Copies = Callable[[Sent], int]
"""How many the gateway took."""


def trial(seed: int, index: int, workdir: Path) -> Trial:
    return asyncio.run(_trial(rng(seed, index), WAYS[index % 2], workdir))


async def _trial(dice: Random, ways: Sequence[tuple[str, str]], workdir: Path) -> Trial:
    templates, clock = complete(), SystemClock()
    with Unsteady(providers(SIGN, templates), clock) as gateway:
        gateway.unsteady, gateway.dice = ways[0][1], dice
        known = {entry["id"]: entry for entry in channels(gateway, SIGN, templates)}
        entries = [known[channel] for channel, _ in ways]
        place = town(workdir, 0, broker=free_port(), channels=entries)
        _populate(place)
        place.store.parent.mkdir()
        async with Store.opened(place.store) as store, store.writing() as tx:
            await tx.promise([_call(n, ways[0][0], clock.now()) for n in range(MESSAGES)])
        with service(place, HASTY, **ENVIRONMENT) as running:
            running.start()
            await _taken(gateway, dice.randrange(MESSAGES - 8))
            await clock.wait(dice.uniform(0.0, 0.1))
            running.kill()
            running.start()
            sent = await _all_sent(place)
            running.stop()
        copies = Counter((one.provider, one.to) for one in gateway.accepted)
    return _judged(sent, lambda one: copies[dict(ways)[one.channel], one.address], ways)


def _populate(place: Town) -> None:
    file = place.config / "people.yaml"
    head, found, tail = file.read_text().partition("\npersons:\n")
    assert found
    lines = (
        f'  - {{ id: {_person(n)}, name: 村民, phone: "{_phone(n)}", wecom: {_person(n)} }}\n'
        for n in range(MESSAGES)
    )
    file.write_text(head + found + "".join(lines) + tail)


def _person(number: int) -> str:
    return f"person-{number}"


def _phone(number: int) -> str:
    return f"1380001{number:04}"


def _call(number: int, channel: str, now: datetime) -> Notification:
    scope = Scope(TOWNSHIP, Status.ACTUAL, "")
    said = word(
        complete(), ("red_plain_tell",), {"site": "石桥站", "time": "03:12", "area": "河西组"}
    )
    return Notification(
        id=scope.id("call", str(number)),
        scope=scope,
        subject=scope.id("alert", str(number)),
        ladder=None,
        person=_person(number),
        duty="",
        channel=channel,
        address=_person(number) if channel == "wecom" else _phone(number),
        use="red_plain_tell",
        variables=said.variables,
        text=said.text,
        code="",
        severity=Severity.RED,
        step=0,
        round=1,
        created_at=now,
        due_at=now,
    )


async def _taken(gateway: Gateway, count: int) -> None:
    async with asyncio.timeout(60):
        while len(gateway.accepted) <= count:
            await SystemClock().wait(0.005)


async def _all_sent(place: Town) -> list[Sent]:
    """Once nothing is under way any more."""
    clock = SystemClock()
    async with asyncio.timeout(240), Store.opened(place.store, read_only=True) as store:
        while any(state in UNDER_WAY for state in await store.outbox_states()):
            await clock.wait(0.1)
        return await store.run(_sent)


def _sent(conn: sa.Connection) -> list[Sent]:
    n = notifications.c
    doubted = (attempts.c.notification == n.id) & (attempts.c.outcome == SendOutcome.UNSURE)
    unsure = sa.select(sa.func.count()).where(doubted).scalar_subquery()
    return [
        Sent(*row)
        for row in conn.execute(sa.select(n.person, n.channel, n.address, n.state, unsure))
    ]


def _judged(sent: list[Sent], copies: Copies, ways: Sequence[tuple[str, str]]) -> Trial:
    (first, provider), (second, _) = ways
    can_be_asked = provider == "aliyun"
    begun = [one for one in sent if one.channel == first]
    instead = {one.person: one for one in sent if one.channel == second}
    doubled = sum(copies(one) > 1 for one in begun)
    unsure = sum(one.unsure > 0 for one in begun)
    violations = [*_undelivered(begun, instead, copies)]
    violations += [f"{copies(one)} copies of {one}" for one in sent if copies(one) > MOST_COPIES]
    if len(begun) != MESSAGES:
        violations.append(f"{len(begun)} of {MESSAGES} messages are in the outbox")
    if doubled > unsure:
        violations.append(f"{doubled} doubled, and {unsure} unsure")
    if can_be_asked and doubled > ASKABLE * MESSAGES:
        violations.append(f"{doubled} of {MESSAGES} doubled where the gateway can be asked")
    gateway = "gateway that can be asked" if can_be_asked else "gateway that cannot"
    worst = {
        f"% doubled by a {gateway}": 100 * doubled / MESSAGES,
        f"% unsure by a {gateway}": 100 * unsure / MESSAGES,
    }
    return Trial({"kills": 1, "messages": len(begun)}, tuple(violations), worst)


def _undelivered(begun: list[Sent], instead: Mapping[str, Sent], copies: Copies) -> Iterator[str]:
    """What the store calls accepted a phone has; else the next channel has taken it."""
    for one in begun:
        other = instead.get(one.person)
        if one.state is Delivery.ACCEPTED:
            if not copies(one):
                yield f"no phone got what is called accepted: {one}"
        elif one.state not in UNREACHED:
            yield f"it went no way: {one}"
        elif other is None or other.state is not Delivery.ACCEPTED or not copies(other):
            yield f"the next channel has not taken it: {one}, {other}"


FAULT = Fault(
    name="kill_deliverer",
    row=(
        "SIGKILL the deliverer; gateway 5 % 503, 7 % accepts and drops the connection, 2 % "
        "slower than the timeout"
    ),
    full={"kills": 150, "messages": 10_000},
    bar=(
        "each delivered, or UNSURE with the next channel taken; ≤ 2 copies; doubled ≤ the "
        "unsure share, ≤ 2 % where the gateway can be asked"
    ),
    small={"kills": 1},
    trial=trial,
)

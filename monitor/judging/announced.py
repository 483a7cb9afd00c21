"""What every site is now, for programs that listen on the broker: one retained word for each.

On `risk-out/<township>/alerts/<site>`, in a drill or test with its prefix before it:
`{"condition": "OVER", "severity": "RED", "since": …, "basis": …}`. Of persons it says nothing: what
somebody entered in words stays here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime

from monitor.alerting.contribution import Contribution
from monitor.alerting.orders import HAND
from monitor.judging.memory import Knowledge, Memory
from monitor.judging.sites import Standing, standings
from monitor.judging.ticking import ATTESTED
from monitor.scope import Scope, Status

BY_HAND = "by hand"


def announced(
    knowledge: Knowledge, memory: Memory, known: Collection[str], now: datetime
) -> Iterator[tuple[str, bytes]]:
    """(topic, payload) of every real site; in a drill of those that it ever spoke of. `known`: the
    topics that were said before, which are never left as they were."""
    for scope in sorted(memory.scopes):
        for one in standings(knowledge, memory, scope, now):
            topic = topic_of(scope, one.site.id)
            spoken_of = one.lead is not None or any(gauge.observed_at for gauge in one.gauges)
            if scope.is_actual or spoken_of or topic in known:
                yield topic, _payload(one)


def topic_of(scope: Scope, site: str) -> str:
    """With the prefix by which its world is told apart on the way in."""
    own = f"risk-out/{scope.township}/alerts/{site}"
    if scope.status is Status.ACTUAL:
        return own
    return f"{scope.status.value.lower()}/{scope.drill_id}/{own}"


def _payload(one: Standing) -> bytes:
    said = {
        "condition": one.condition,
        "severity": one.severity.name,
        "since": one.lead and one.lead.since.isoformat(),
        "basis": one.lead and _basis(one.lead),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _basis(lead: Contribution) -> str:
    """The rule's own words; of a person's call that it was one."""
    return BY_HAND if lead.rule == HAND else lead.basis.partition(ATTESTED)[0]

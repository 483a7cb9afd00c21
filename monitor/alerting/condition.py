"""What is known of a place: one word, computed from what stands and from when each gauge spoke.

Unknown is not clear: a site is OK only while something there measures and is believed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.alerting.contribution import Contribution
from monitor.alerting.debounce import silent_after
from monitor.alerting.severity import Condition
from monitor.ingest.observation import QualityFlag
from monitor.ingest.track import Track
from monitor.reference.places import Sensor


def speaks_on_its_own(sensor: Sensor) -> bool:
    """Cameras speak of persons and some gauges only above a level: their silence is normal."""
    return sensor.reports == "always" and sensor.quantity != "detection"


def heard_at(track: Track | None) -> datetime | None:
    """When its last word of any kind came; of a late one when it was observed. None: never."""
    if track is None or track.last is None:
        return None
    last = track.last
    return last.observed_at if last.late else last.received_at


def of_sensor(sensor: Sensor, track: Track | None, now: datetime) -> Condition:
    """OK, SUSPECT or SILENT: whether its last word can be believed. Whether it is over a limit is
    not its own business. A device that only says "no value" measures nothing, and is SILENT."""
    heard = heard_at(track)
    if heard is None or track is None or track.last is None:
        return Condition.SILENT if speaks_on_its_own(sensor) else Condition.OK
    patience = silent_after(sensor)
    if now - heard >= patience and speaks_on_its_own(sensor):
        return Condition.SILENT
    last, good = track.last, track.last_good
    if last.judges:
        return Condition.OK
    if track.last_suspect is not None or last.flag is QualityFlag.SUSPECT:
        return Condition.SUSPECT
    if good is not None and now - good.observed_at < patience:
        return Condition.OK  # one bad word beside a good one
    return Condition.SILENT if last.flag is QualityFlag.MISSING else Condition.SUSPECT


def of_site(standing: Collection[Contribution], gauges: Collection[Condition]) -> Condition | None:
    """The one word of a site. `standing`: what its sensors and people hold there; `gauges`: of
    each quantity measured there, that of the gauge in use. None: nothing measures there, and
    nothing stands."""
    if any(c.condition is Condition.SILENT_WHILE_RISING for c in standing):
        return Condition.SILENT_WHILE_RISING
    if standing:
        return max(standing, key=_weight).condition
    for word in (Condition.SUSPECT, Condition.SILENT):
        if word in gauges:
            return word
    return Condition.OK if gauges else None


def _weight(c: Contribution) -> tuple[int, bool]:
    return c.severity, c.condition is Condition.OVER

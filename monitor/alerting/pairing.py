"""Which alert that is written down is which of those that stood, as is known now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.alerting.alerts import Alert


def as_it_was(record: Alert, episode: Alert) -> Alert:
    """The record with the onset, the worst and the end of what stood."""
    if record.is_active:
        worst = max(episode.worst, record.severity)
        return replace(record, opened_at=episode.opened_at, worst=worst)
    cleared = episode.cleared_at or record.cleared_at
    return replace(record, opened_at=episode.opened_at, worst=episode.worst, cleared_at=cleared)


def paired(
    records: Sequence[Alert], episodes: Sequence[Alert]
) -> list[tuple[Alert | None, Alert | None]]:
    """Each record with what stood then: what is active with what is active, then what began at
    the same time, then what overlaps."""

    def overlap(record: Alert, episode: Alert) -> bool:
        ends = record.cleared_at, episode.cleared_at
        begins = max(record.opened_at, episode.opened_at)
        return all(end is None or begins <= end for end in ends)

    left, free = list(records), list(episodes)
    pairs: list[tuple[Alert | None, Alert | None]] = []
    for fits in (
        lambda r, e: r.is_active and e.is_active,
        lambda r, e: r.opened_at == e.opened_at,
        overlap,
    ):
        for episode in tuple(free):
            record = next((one for one in left if fits(one, episode)), None)
            if record is not None:
                left.remove(record)
                free.remove(episode)
                pairs.append((record, episode))
    return [*pairs, *((one, None) for one in left), *((None, one) for one in free)]


def part_of(record: Alert, episodes: Sequence[Alert]) -> Alert | None:
    """That in which the record stood for more than an instant."""

    def within(episode: Alert) -> bool:
        ends = record.cleared_at, episode.cleared_at
        begins = max(record.opened_at, episode.opened_at)
        return all(end is None or begins < end for end in ends)

    return next(filter(within, episodes), None)

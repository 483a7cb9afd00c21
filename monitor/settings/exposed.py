"""Which files that hold numbers or keys every user of the machine could read."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from monitor.settings.build import Settings


def exposed(settings: Settings) -> Iterator[str]:
    """A warning for each, with what to do. The example's persons are made up: they may be read."""
    files = [] if settings.example else sorted(settings.folder.rglob("*.yaml"))
    for file in (*files, settings.store_key):
        if file.is_file() and file.stat().st_mode & stat.S_IROTH:
            yield f"{file}: every user of this machine can read it; chmod o= {file}"

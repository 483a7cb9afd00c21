"""The other measure: SQLite inserting the same rows, 500 to a durable transaction.

`python -m benchmarks.rows COUNT SENSORS`
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Stopwatch, ready, tell
from benchmarks.township import sensor_id
from monitor.store.store import Store

_BATCH = 500
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def _create(file: Path) -> None:
    async with Store.opened(file):
        pass


def main(count: int, sensors: int) -> None:
    with TemporaryDirectory(dir="/var/tmp") as folder:
        file = Path(folder) / "bench.sqlite"
        asyncio.run(_create(file))
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        now = (datetime.now(UTC) - _EPOCH) // _MICROSECOND
        rest = (1.0, "m", 1.0, 1, "", 0, 0, None)
        rows = [
            ("yunxi/ACTUAL/", sensor_id(n % sensors), f"1:{n}", now, now, now + n, *rest)
            for n in range(count)
        ]
        insert = f"INSERT OR IGNORE INTO observations ({_columns(connection)}) VALUES ({_marks()})"
        ready()
        watch = Stopwatch()
        for start in range(0, count, _BATCH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, rows[start : start + _BATCH])
            connection.execute("COMMIT")
        tell(watch.figures(count))
        connection.close()


def _columns(connection: sqlite3.Connection) -> str:
    told = connection.execute("SELECT name FROM pragma_table_info('observations')")
    names = [name for (name,) in told]
    return ",".join(names[-14:])


def _marks() -> str:
    return ",".join("?" * 14)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

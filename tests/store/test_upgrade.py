"""What an earlier release wrote is copied, brought up to date and lost by no revision.

`releases/0001.sql` was written by the first release itself: a file made by running its revision
today would hold today's nouns, and not the JSON that really lies on people's disks.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from monitor.errors import StoreUnavailable
from monitor.scope import Scope, Status
from monitor.store import upgrade
from monitor.store.backup import before
from monitor.store.sealing import SEALED_BY, UNSWEPT, Keys, keys_for
from monitor.store.store import Store
from tests.stories.harness import NIGHT, example

RELEASES = Path(__file__).parent / "releases"
ACTUAL = Scope("yunxi", Status.ACTUAL, "")
Rows = dict[str, list[tuple[object, ...]]]
"""Table → its rows, sorted."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store as the first release left it."""
    path = tmp_path / "monitor.sqlite"
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript((RELEASES / "0001.sql").read_text(encoding="utf-8"))
    return path


def columns(conn: sqlite3.Connection) -> dict[str, list[str]]:
    names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = [name for (name,) in names if name != "alembic_version"]
    return {t: [row[1] for row in conn.execute(f"PRAGMA table_info({t})")] for t in tables}


def keys(path: Path) -> Keys:
    """Those of the store at that path, and of every copy of it in the same folder."""
    return keys_for(path, path.parent / "monitor.key")


def rows(path: Path, of: dict[str, list[str]]) -> Rows:
    """Of those tables and columns, unsealed."""

    def plain(value: object) -> object:
        is_sealed = isinstance(value, bytes) and value.startswith(bytes.fromhex(keys(path).name))
        return keys(path).unseal(value) if isinstance(value, bytes) and is_sealed else value

    with closing(sqlite3.connect(path)) as conn:
        quoted = {table: ", ".join(f'"{name}"' for name in names) for table, names in of.items()}
        return {
            table: sorted(
                (
                    tuple(map(plain, row))
                    for row in conn.execute(f"SELECT {names} FROM {table}")
                    if row[0] not in (SEALED_BY, UNSWEPT)
                ),
                key=repr,
            )
            for table, names in quoted.items()
        }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_first_revision_makes_the_tables_of_the_first_release(
    old: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.sqlite"
    revise(made, "0001")

    def tables(path: Path) -> list[str]:
        with closing(sqlite3.connect(path)) as conn:
            found = conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
            return sorted(" ".join(sql.split()) for (sql,) in found)

    assert tables(made) == tables(old)


def revise(path: Path, to: str) -> None:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", lambda connection, _: keys(path).lend(connection))
    with engine.begin() as conn:
        upgrade.upgrade(conn, to)


def test_the_revisions_are_one_line_and_named_by_their_files() -> None:
    line = ScriptDirectory.from_config(upgrade.config()).walk_revisions()
    assert tuple(reversed([one.revision for one in line])) == upgrade.REVISIONS


def test_no_revision_loses_a_row_of_the_first_release(old: Path) -> None:
    with closing(sqlite3.connect(old)) as conn:
        kept = columns(conn)
    written = rows(old, kept)
    assert all(written.values()), "each table of the first release has something to lose"
    for revision in upgrade.REVISIONS[1:]:
        revise(old, revision)
        assert rows(old, kept) == written, revision


async def test_a_store_of_an_earlier_release_is_copied_and_then_upgraded(old: Path) -> None:
    with closing(sqlite3.connect(old)) as conn:
        kept = columns(conn)
    written = rows(old, kept)
    async with Store.opened(old) as store:
        await store.run(upgrade.require_head)
    assert rows(old, kept) == written
    copy = before(old, "0001")
    assert rows(copy, kept) == written and copy.stat().st_mode & 0o077 == 0
    assert names(old.parent) == sorted([old.name, copy.name, "monitor.key"])
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert columns(conn) == kept


async def test_what_the_first_release_wrote_is_read_and_goes_on(old: Path) -> None:
    async with Store.opened(old) as store:
        memory = await store.load_memory(example().knowledge, NIGHT)
        alerts = await store.alerts(ACTUAL)
        calls = [call for one in alerts for call in await store.calls(one.id)]
        ladders = [ladder for one in alerts for ladder in await store.ladders_of(one.id)]
        answers = [answer for one in alerts for answer in await store.answers(one.id)]
        assert await store.verify(ACTUAL) is None
        assert len(await store.unread_replies()) == 1 and await store.open_findings(ACTUAL)
    assert {alert.site for alert in memory.alerts.values()} >= {"shiqiao"}
    assert len(alerts) == 2 and len(calls) > 20 and len(answers) == 1
    assert len(ladders) == 3 and any(step.reaches for ladder in ladders for step in ladder.steps)


async def test_a_store_that_is_up_to_date_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        async with Store.opened(tmp_path / "new.sqlite"):
            pass
    assert names(tmp_path) == ["new.key", "new.sqlite"]


async def test_without_a_copy_nothing_is_upgraded(old: Path) -> None:
    before(old, "0001").mkdir()
    with pytest.raises(StoreUnavailable):
        async with Store.opened(old):
            pass
    with closing(sqlite3.connect(old)) as conn:
        assert conn.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


async def test_a_store_of_a_later_release_is_left_as_it_is(old: Path) -> None:
    with closing(sqlite3.connect(old)) as conn, conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="9999"):
        async with Store.opened(old):
            pass
    assert names(old.parent) == ["monitor.key", old.name]

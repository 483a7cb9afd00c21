"""The keys of a store: numbers and people's words are sealed before they reach the disk.

AES-SIV (RFC 5297), the key in a file of its own, so that no copy of the store shows a number.
SQL seals and unseals by functions of the connection (`lend`); the types of `columns.py` call them.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy.dialects.sqlite import insert

from monitor.errors import StoreUnavailable
from monitor.store.columns import Sealed
from monitor.store.tables import meta, metadata

log = logging.getLogger(__name__)

KEY_BYTES = 64
"""AES-256-SIV takes two keys of 32 bytes."""

SEALED_BY = "sealed by"
"""Row of `meta`: the id of the key that all of the file is sealed with."""

SINCE = "0003"
"""The first revision of the tables whose files are sealed."""

UNSWEPT = "unswept"
"""Row of `meta`: freed pages of the file still show what was there before it was sealed."""

_HEAD = Struct("4sc12s")
"""Id of the key, "t" for text or "b" for bytes, nonce; authenticated with what follows."""
_ALIKE = bytes(12)
"""The nonce of what SQL finds by its value: equal values look equal."""


class Keys:
    """What seals (the first) and what still opens (all of them)."""

    def __init__(self, path: Path, keys: Sequence[bytes]) -> None:
        """`path`: where they stand, or will."""
        self.path = path
        self._ciphers = {_id(key): AESSIV(key) for key in keys}
        self._first = _id(keys[0])

    @property
    def name(self) -> str:
        """The id of the key that seals, in hex; says nothing about the key."""
        return self._first.hex()

    def __contains__(self, name: str) -> bool:
        return bytes.fromhex(name) in self._ciphers

    def seal(self, value: str | bytes) -> bytes:
        """Sealed so that not even a repeat can be seen."""
        return self._sealed(value, secrets.token_bytes(len(_ALIKE)))

    def seal_alike(self, value: str | bytes) -> bytes:
        """Sealed so that equal values look equal: for what is looked up."""
        return self._sealed(value, _ALIKE)

    def _sealed(self, value: str | bytes, nonce: bytes) -> bytes:
        kind, plain = (b"t", value.encode()) if isinstance(value, str) else (b"b", value)
        head = _HEAD.pack(self._first, kind, nonce)
        return head + self._ciphers[self._first].encrypt(plain, [head])

    def unseal(self, sealed: bytes) -> str | bytes:
        """What was sealed. Raises KeyError for another's key, InvalidTag for a changed byte."""
        head = sealed[: _HEAD.size]
        key, kind, _ = _HEAD.unpack(head)
        plain = self._ciphers[key].decrypt(sealed[_HEAD.size :], [head])
        return plain.decode() if kind == b"t" else plain

    def reseal(self, sealed: bytes) -> bytes:
        """The same under the first key."""
        return self._sealed(self.unseal(sealed), _HEAD.unpack(sealed[: _HEAD.size])[2])

    def lend(self, connection: Any) -> None:
        """Give a driver's connection the functions by which SQL seals and unseals."""
        connection.create_function("seal", 1, self.seal)
        for pure in (self.seal_alike, self.unseal, self.reseal):
            connection.create_function(pure.__name__, 1, pure, deterministic=True)


def read_keys(path: Path) -> Keys | None:
    """The keys in the file, newest first; None where there is none. Raises StoreUnavailable."""
    try:
        lines = path.read_text("ascii").split()
        keys = [urlsafe_b64decode(line) for line in lines]
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise StoreUnavailable(f"the store's key file {path} cannot be read: {fault}") from fault
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        text = "holds no key of a store; put the one back that was kept beside the backups"
        raise StoreUnavailable(f"{path} {text}")
    return Keys(path, keys)


def keys_for(store: Path, path: Path, *, read_only: bool = False) -> Keys:
    """The keys of a store; where it is not sealed yet a new one, safe on the disk before anything
    is sealed with it. Raises StoreUnavailable where they are missing, or the store to be read."""
    if read_only and not store.is_file():
        raise StoreUnavailable(f"there is no store at {store}")
    if (keys := read_keys(path)) is not None:
        return keys
    if _is_sealed(store):
        raise StoreUnavailable(
            f"{store} is sealed and its key file {path} is missing; put back the one that was "
            "kept, or name it by store_key in service.yaml"
        )
    fresh = secrets.token_bytes(KEY_BYTES)
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(urlsafe_b64encode(fresh).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return Keys(path, [fresh])


def _is_sealed(store: Path) -> bool:
    if not store.is_file():
        return False
    uri = f"{store.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as conn:
        try:
            found = conn.execute("SELECT 1 FROM meta WHERE name = ?", (SEALED_BY,)).fetchone()
        except sqlite3.OperationalError as fault:
            if "no such table" in str(fault):
                return False
            raise StoreUnavailable(str(fault)) from fault
    return found is not None


def settle(conn: sa.Connection, keys: Keys) -> bool:
    """Hold the file and the keys together; after a change of key seal all of it anew.

    In the transaction that opens the store to write. Returns whether it must be swept. Raises
    StoreUnavailable for another key.
    """
    by = require_key(conn, keys)
    if by is not None and by != keys.name:
        for column in sealed_columns():
            again = sa.update(column.table).values({column: sa.func.reseal(column)})
            conn.execute(again)
        conn.execute(insert(meta).values(name=UNSWEPT, value="").on_conflict_do_nothing())
        conn.execute(sa.delete(meta).where(meta.c.name == SEALED_BY))
    if by != keys.name:
        conn.execute(sa.insert(meta).values(name=SEALED_BY, value=keys.name))
    return conn.execute(sa.select(meta).where(meta.c.name == UNSWEPT)).first() is not None


def require_key(conn: sa.Connection, keys: Keys) -> str | None:
    """The id of the key that the file is sealed with; None for a new file. Raises
    StoreUnavailable where it is none of `keys`."""
    by = conn.execute(sa.select(meta.c.value).where(meta.c.name == SEALED_BY)).scalar()
    if by is not None and by not in keys:
        raise StoreUnavailable(
            f"the store is sealed with the key {by}, and {keys.path} holds another ({keys.name}); "
            "put back the file that was kept with it, or name it by store_key in service.yaml"
        )
    return by


def sweep(store: Path) -> None:
    """Write the file anew, without the pages that were freed.

    Needs as much free disk again. Where that fails it is tried at the next start.
    """
    try:
        with closing(sqlite3.connect(store, isolation_level=None)) as conn:
            conn.execute("VACUUM")
            conn.execute("DELETE FROM meta WHERE name = ?", (UNSWEPT,))
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as fault:
        log.warning("freed pages of %s may still show numbers; start again: %s", store, fault)


def sealed_columns() -> list[sa.Column[Any]]:
    """Every column that is sealed."""
    tables = metadata.sorted_tables
    return [c for table in tables for c in table.columns if isinstance(c.type, Sealed)]


def _id(key: bytes) -> bytes:
    return sha256(b"store key" + key).digest()[:4]

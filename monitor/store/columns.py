"""What a column holds: times, scopes, closed lists of words, and whole nouns as JSON.

One thing, one stored form: a time is whole microseconds since 1970 in UTC, a scope one text.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.sql.operators import custom_op

from monitor.scope import Scope, Status

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(when: datetime) -> int:
    """Microseconds since 1970 in UTC; exact, as 2**53 of them reach beyond the year 2200."""
    return round(when.timestamp() * 1e6)


def instant(stored: int) -> datetime:
    """The aware time in UTC that `micros` stored."""
    return _EPOCH + timedelta(microseconds=stored)


def scope_text(scope: Scope) -> str:
    """township/status/drill: the first part of every key, readable in any SQL shell.

    Neither a township's slug nor a topic level can hold a slash.
    """
    return "/".join(scope)


def scope_of(text: str) -> Scope:
    """The scope that `scope_text` wrote."""
    township, status, drill_id = text.split("/", 2)
    return Scope(township, Status(status), drill_id)


class Instant(sa.TypeDecorator[datetime]):
    """An aware time. Raises ValueError for a naive one: its zone would be a guess."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be kept: {value.isoformat()}")
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else instant(value)


class ScopeText(sa.TypeDecorator[Scope]):
    """A scope as one text."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Scope | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else scope_text(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Scope | None:
        return None if value is None else scope_of(value)


class Coded(sa.TypeDecorator[Any]):
    """A member of an enumeration by its value: a number for an IntEnum, else a word."""

    impl = sa.String
    cache_ok = True

    def __init__(self, members: type[Enum]) -> None:
        super().__init__()
        self.members = members

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        kind = sa.SmallInteger() if issubclass(self.members, IntEnum) else sa.String()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self.members(value)


class Sealed(sa.TypeDecorator[Any]):
    """Text, bytes, or whatever `inner` stores as text, sealed by the connection's key.

    `alike`: equal values look equal, so that SQL can find and group them.
    """

    impl = sa.String
    cache_ok = True

    def __init__(self, inner: Any = sa.String, *, alike: bool = False) -> None:
        super().__init__()
        self.inner: sa.types.TypeEngine[Any] = sa.types.to_instance(inner)
        self.alike = alike

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return self.inner

    def bind_expression(self, bindparam: Any) -> Any:
        return (sa.func.seal_alike if self.alike else sa.func.seal)(bindparam, type_=self)

    def column_expression(self, column: Any) -> Any:
        return sa.func.unseal(column, type_=self)


class Shaped(sa.TypeDecorator[Any]):
    """A noun, or a tuple of nouns, as JSON text that reads back as the same type."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._adapter: TypeAdapter[Any] = TypeAdapter(shape)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.validate_json(value)


def not_by(column: sa.ColumnElement[T]) -> sa.ColumnElement[T]:
    """The same value, by which SQLite chooses no index. It keeps no counts of its own, and takes
    three columns that thousands of rows share for a better way in than one that few do."""
    return sa.UnaryExpression(column, operator=custom_op("+"), type_=column.type)

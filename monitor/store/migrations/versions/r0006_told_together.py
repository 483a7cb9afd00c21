"""Texts that were held back, and the message that told them together."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, String

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("notifications", Column("held_at", BigInteger))
    op.add_column("notifications", Column("told_by", String))
    op.create_index("ix_notifications_person_created_at", "notifications", ["person", "created_at"])
    op.create_index("ix_notifications_told_by", "notifications", ["told_by"])

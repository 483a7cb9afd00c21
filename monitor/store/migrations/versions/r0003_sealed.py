"""Numbers, replies and what could not be read are sealed (see `monitor/store/sealing.py`)."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_ALIKE = (
    ("notifications", "address"),
    ("receipts", "id"),
    ("receipts", "phone"),
    ("replies", "id"),
    ("replies", "phone"),
    ("quarantine", "detail"),
)
_APART = (("ladders", "snapshot"), ("replies", "text"), ("quarantine", "payload"))


def upgrade() -> None:
    changed = 0
    for seal, columns in (("seal_alike", _ALIKE), ("seal", _APART)):
        for table, column in columns:
            sealed = f'UPDATE "{table}" SET "{column}" = {seal}("{column}")'
            changed += op.get_bind().exec_driver_sql(sealed).rowcount
    if changed:  # the pages that they stood on hold them still
        op.execute("INSERT INTO meta (name, value) VALUES ('unswept', '')")

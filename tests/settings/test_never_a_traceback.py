"""Whatever stands in a file, an officer gets lines that say what to do, never a traceback."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.settings import check
from tests.settings.test_golden_faults import CASES, ENVIRON, assembled

FILES = sorted(path.name for path in (CASES / "base").glob("*.yaml"))
LINE = re.compile(r".+\.yaml:[1-9][0-9]*: \S.*", re.DOTALL)
BITS = """{ } [ ] : - ? ' &a *a !!set ~ .nan 1e999 0x -1 true {} [[]] 2026-02-30 🌊 ${ENV:X}"""
WORDS = st.sampled_from([*BITS.split(), "\t", "- ", "? ", "|\n", "{a: b}", "\x85"]) | st.text(
    max_size=6
)


@settings(max_examples=120, deadline=None)
@given(file=st.sampled_from(FILES), at=st.floats(0, 1), cut=st.integers(0, 30), word=WORDS)
def test_a_torn_file_gives_lines_and_no_exception(
    file: str, at: float, cut: int, word: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = assembled(CASES / "base", Path(folder))
        text = (config / file).read_text(encoding="utf-8")
        place = int(at * len(text))
        torn = text[:place] + word + text[place + cut :]
        (config / file).write_bytes(torn.encode("utf-8", "surrogatepass"))
        for fault in check(config, ENVIRON):
            assert LINE.fullmatch(fault), fault

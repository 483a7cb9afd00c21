"""`python -m monitor.cli`, where the command is not installed."""

from __future__ import annotations

import sys

from monitor.cli import main

sys.exit(main())

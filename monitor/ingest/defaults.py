"""Limits of the quality tests where `config/` gives a sensor none, in canonical units.

They were set on recorded data (docs/quality.md); a place that knows its water sets its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from monitor.reference.places import QualityLimits, SpanLimits

DEFAULT_QUALITY: Mapping[str, QualityLimits] = {
    "level": QualityLimits(
        # From the Dead Sea to Tibet: only what is no elevation at all.
        gross_fail=SpanLimits(low=-450.0, high=9000.0),
        # The highest true rise between two hourly readings of 17 flood waves was 3.14 m.
        spike_suspect=3.2,
        # No water: an echo off ice, a lost decimal point.
        spike_fail=30.0,
        # More than twice the fastest of four 5-minute flash-flood records (0.45 m in 5 min).
        rate_suspect=12.0,
        # A crest that stands for hours is real; the same centimetre for a day is a stuck float.
        flat_suspect=timedelta(hours=24),
    ),
    # Amount since the reading before. The record for one hour is about 400 mm.
    "rain": QualityLimits(
        gross_fail=SpanLimits(low=0.0, high=500.0), gross_suspect=SpanLimits(low=0.0, high=250.0)
    ),
    "rain_rate": QualityLimits(gross_fail=SpanLimits(low=0.0, high=2000.0)),
    "discharge": QualityLimits(gross_fail=SpanLimits(low=-50_000.0, high=200_000.0)),
    "displacement": QualityLimits(),
    "temperature": QualityLimits(gross_fail=SpanLimits(low=-60.0, high=70.0)),
    "voltage": QualityLimits(gross_fail=SpanLimits(low=0.0, high=1000.0)),
    "battery": QualityLimits(gross_fail=SpanLimits(low=0.0, high=100.0)),
    "detection": QualityLimits(gross_fail=SpanLimits(low=0.0, high=1.0)),
}

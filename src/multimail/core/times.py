"""Time as the core knows it: microseconds since the epoch, UTC."""

from __future__ import annotations

Micros = int

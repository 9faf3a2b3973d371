"""The product's schema: where its migrations are, and which guards the database holds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from multimail.adapters.store.migrate import Schema

PRODUCT: Final = Schema(Path(__file__).with_name("migrations"))

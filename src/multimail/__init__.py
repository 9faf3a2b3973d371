"""MultiMail: the self-hosted mail server an AI agent can be trusted with.

Importing this package costs nothing: it holds the version and never imports a part of the product.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"

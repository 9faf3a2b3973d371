"""The Python SDK: a codec without I/O, two thin clients over it, and methods generated from the registry.

It imports nothing of the server. `multimail.Client` and its neighbours are the names to use from outside.
"""

from __future__ import annotations

"""Bytes to values and back: pure, and total on bad input."""

"""Measurements of MultiMail against bare baselines of the same run; nothing here is part of the product."""

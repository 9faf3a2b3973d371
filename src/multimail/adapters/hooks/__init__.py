"""Calling out to receivers of webhooks; nothing here decides what they are told."""

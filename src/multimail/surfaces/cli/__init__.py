"""The registry as commands, and their answers for a person at a terminal."""

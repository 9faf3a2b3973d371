"""What is right: values, tables and decisions. Standard library only; no clock, randomness, logging or await here."""

"""Use cases: one asynchronous function per operation, and the work that has no caller."""

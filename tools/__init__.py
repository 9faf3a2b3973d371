"""Programs that keep the project itself in order; nothing here is shipped."""

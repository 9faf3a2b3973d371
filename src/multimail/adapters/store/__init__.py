"""The only home of SQL: one noun a file, and the verbs are transitions of the lifecycle."""

"""The product's API, defined once: request and view models, operation rows, the table of contents."""

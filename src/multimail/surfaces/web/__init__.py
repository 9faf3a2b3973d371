"""Pages for people; templates see contract views only, and every button is an operation."""

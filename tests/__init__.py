"""The tests of MultiMail; the tree mirrors src/multimail."""

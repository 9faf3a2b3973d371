"""Use cases: what the contract asks and the core decides, put together in one transaction each."""

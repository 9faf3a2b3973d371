"""What services need from the outside world, as Protocols; adapters fill them, tests may too."""

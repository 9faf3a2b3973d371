"""How mail leaves: through a relay, or into the capture where nothing leaves the machine."""

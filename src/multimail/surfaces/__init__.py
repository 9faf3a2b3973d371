"""How the world calls us: each surface parses, calls dispatch and renders; no rule about mail lives here."""

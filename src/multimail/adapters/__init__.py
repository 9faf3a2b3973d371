"""How we call the world: what fills the ports; adapters know ports and core, never services or the contract."""

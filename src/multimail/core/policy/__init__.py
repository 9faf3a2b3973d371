"""The policy: facts in, decision out. Deciding never acts."""

"""Everything that can be wrong with a strategy, found all at once."""

"""rmatch."""

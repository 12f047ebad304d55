"""Rematching: what was decided, what changes when something does, and as little of it as can be."""

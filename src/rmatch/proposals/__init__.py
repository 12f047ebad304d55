"""Proposals: pairs that a coordinator moved by hand, and what each move costs or breaks."""

"""A judge that never solves: recomputes what a matching is worth from its pairs alone."""

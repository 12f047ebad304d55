"""Letters: one text per participant, from templates that see only what they may read."""

"""The equity report: monitoring answers joined after the fact, with small numbers suppressed."""

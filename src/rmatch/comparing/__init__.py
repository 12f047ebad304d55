"""Strategies side by side: what each gives people, over one cohort or thousands."""

"""Explaining: facts as data first, words per audience last."""

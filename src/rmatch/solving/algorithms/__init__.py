"""Strategies that are algorithms: well-known ones to compare with, a file each."""

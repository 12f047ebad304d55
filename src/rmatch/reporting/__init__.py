"""Reporting: results as text, HTML, tables and files; computes nothing."""

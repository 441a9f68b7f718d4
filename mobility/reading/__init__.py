"""Queries that return frozen rows for pages, reports and commands."""

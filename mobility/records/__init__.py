"""Keeping schools, agreements, people and accounts."""

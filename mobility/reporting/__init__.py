"""Figures become tables, charts and documents."""

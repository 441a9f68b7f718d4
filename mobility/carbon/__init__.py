"""Carbon: from two places to a footprint with provenance. Pure."""

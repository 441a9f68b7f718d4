"""Placement mechanisms beside the optimiser; they share its instance and result."""

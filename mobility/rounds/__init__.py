"""What the office does with a round, from draft to published."""

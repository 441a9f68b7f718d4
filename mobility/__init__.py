"""The service: people, rounds, carbon, evidence. It re-exports nothing."""

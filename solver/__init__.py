"""A library that matches students to offers and proves it. It re-exports nothing."""

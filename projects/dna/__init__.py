"""Stage 2, national approval: the host Party's DNA issues, refuses or withdraws its letter."""

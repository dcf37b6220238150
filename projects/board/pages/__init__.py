"""Pages of the Board about its own records beside requests."""

"""Who did what, when, in which role: append-only. `record.record` is the one way in."""

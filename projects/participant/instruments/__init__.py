"""The meters of a project: their calibrations, and what late ones do to the readings."""

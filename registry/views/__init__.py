"""Pages of the registry: public ones, the administrators' desk, and accounts for their holders."""

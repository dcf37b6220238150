"""Ways of paying. A provider reports; only `actions.apply_status` changes an order."""

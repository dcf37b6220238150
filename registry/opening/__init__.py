"""How a participant comes to a holding account: it asks, the registry looks at the evidence, and
two of its administrators open the account. The request is a case, not a row of the ledger."""

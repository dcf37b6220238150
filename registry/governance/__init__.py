"""Who may have what done in the registry: proposals, measures, representatives, trusted accounts,
and the switch that stops every move."""

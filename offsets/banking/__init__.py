"""The bank's side of an invoice: references that a transfer quotes, and what came in.

`references`, `entries`, `camt` and `sheets` are pure: no Django, no database, no clock.
"""

"""Rule parameters changed by two persons: one of the secretariat proposes, another one approves.

What is approved stays; a later change takes its place from its own first day on. No process keeps
a copy: whoever asks for an amendable number asks the database, in the transaction that acts on it.
"""

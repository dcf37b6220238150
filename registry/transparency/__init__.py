"""The public proof that the record was not rewritten: an append-only Merkle tree over every row of
record, sealed every few seconds, its heads signed and published.

`tree` is the arithmetic (RFC 9162), pure. The tree itself is kept by registry/sql/seal.sql, in the
same transaction as the leaves. `actions` seals and signs, in the one process that has the key.
`queries` answers proofs. `audit` recomputes the whole log from the rows and compares it with heads
that were kept outside the database. `verify.py` is for everybody: one file, no Django.
"""

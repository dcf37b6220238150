"""THE CELLAR: the ledger of certified emission reductions, and nothing above it.

It has never heard of stages, auditors or baskets. It takes an order (project number, Party, period,
units, account) and books it. What it promises, whoever writes:

K1  a serial is issued at most once                       chain of issuances per Party
K2  a Party's serials have no gap from 1                  the same chain
K3  an instruction issues at most once                    one issuance per line
K4  every issued unit is in exactly one block             chain of blocks, to the very end
K5  blocks never overlap, leave a hole or their issuance  the same chain
K6  a lot is exactly one block                            composite key lot → block
K7  a unit is cancelled at most once                      chain of cancellations per lot
K8  a cancelled unit never moves again                    terminal accounts, records, K6
K9  nothing is made or lost by a split or a move          K4; debit, credit, range in one row
K10 every booking is double entry                         posting(dr, cr)
K11 the same key happens once and answers the same        unique key, compared with its content
K12 rows of record never change                           rights, triggers, stamps
K13 an insider with every right is found out              leaves sealed in a signed tree
K14 what was answered survives a crash                    durable commit before any answer
K15 frozen units do not move, a stopped registry neither  locks of the move; guard on postings
K16 two persons where value moves                         checks on persons, not logins

The proofs stand in `registry/sql/keys.sql`; `registry/sql/` has one file per verb, `actions` calls
them, `queries` reads, `invariants` checks everything again in plain SQL that shares nothing with
them. `checks` gives every rule a number; `governance` holds what waits for a second person.
"""

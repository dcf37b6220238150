"""Reference data: published grid emission factors, days of methodology versions, and lists.

Factors and days are proposed by one person and approved by another, like rule parameters; nothing
of them is edited, a later entry takes the place of an earlier one. Lists are kept as editions of
the published files. What the formulas use of global warming potentials are rule parameters; the
sets are shown beside them.
"""

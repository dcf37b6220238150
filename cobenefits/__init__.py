"""Co-benefits: what a project does besides climate, in 12 criteria.

Voluntary and self-declared: the participant reports, amends or withdraws; every version is kept.
"""

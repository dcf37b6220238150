"""What becomes of a registered design: renewals of the crediting period, post-registration changes.

The rows stand on the landing, for the participant drafts, a DOE validates and the Board decides.
"""

"""The works: one project from its design document to the request for its CERs.

What every role reads stands here (models, lifecycle, methodologies); what one role writes lives in
its own app, stacked in the order in which the roles act: participant, dna, doe, board.
"""

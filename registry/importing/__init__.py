"""The published reports of the CDM registry, read as they are and booked by the ledger's own verbs.

`sheets` reads a spreadsheet by its headers; `reports` turns rows into issuances and cancellations,
strictly; `checking` and `plan` hold the two reports against each other and against the ledger;
`actions` books what is not here yet. Nothing is guessed: what was corrected or refused is a
`Remark` with sheet, row and reason.
"""

"""The historic record: activities of the published project database and requests for issuance.

Descriptive rows, read from the UNFCCC's spreadsheets as they are. They run under no law of this
portal, have no participant here and no desk; units point at them by the project number alone.
"""

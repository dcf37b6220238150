"""The certificate: what it says, whether the ledger still says so, and how it is printed."""

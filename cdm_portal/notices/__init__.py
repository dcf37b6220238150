"""Telling people what happened in their cases and what is soon due: in the portal and by mail.

The journal is the announcement. An entry leaves a row in `notices_pending` in its own transaction;
`tell_waiting` turns each, after that commit, into one notice for everybody concerned, exactly once.
"""

"""Project participants: the design document (stage 1) and monitoring (stage 5).

`sections` and `design` say what a design document is and when it is complete; `monitoring` turns
readings into a report; `actions` writes both down and freezes them.
"""

"""What stops a command before or while it runs."""


class CannotRun(Exception):
    """The command cannot go on; the message tells a reader what to do. Exit code 2."""


class InUse(CannotRun):
    """Another command holds the data directory."""

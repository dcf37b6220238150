"""How an upload is refused: with the reason, beside the field that the file came from."""

from cdm_portal.refusals import Invalid


class Unacceptable(Invalid):
    """The file is not taken; `reason` says why and, where there is a way, what to do instead."""

    code = "unacceptable_file"

    def __init__(self, reason: str, *, field: str = "file") -> None:
        self.reason = reason
        super().__init__({field: [reason]})

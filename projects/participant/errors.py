"""Named refusals of the participant's work, with stable codes."""

from collections.abc import Mapping

from cdm_portal.refusals import Invalid
from projects.participant import sections


class Incomplete(Invalid):
    """The document cannot be frozen yet; `lacking` says what, by section."""

    code = "incomplete"

    def __init__(self, lacking: Mapping[str, list[str]]) -> None:
        self.lacking = dict(lacking)
        super().__init__({
            "": [f"{sections.BY_KEY[key].label}: {said}"
                 for key, words in lacking.items() for said in words]
        })

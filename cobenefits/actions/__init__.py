"""What is done with co-benefit reports, their indicators and the checks of DOEs."""

from cobenefits.actions.checking import (
    Found,
    accept_check,
    ask_check,
    conclude_check,
    decline_check,
    record_findings,
    take_back_check,
)
from cobenefits.actions.drafting import Statement
from cobenefits.actions.entering import end_indicator, enter_indicator
from cobenefits.actions.reporting import (
    LONGEST_REASON,
    LONGEST_TEXT,
    comment,
    give_back,
    hand_in,
    keep,
    publish,
    withdraw,
)
from cobenefits.actions.sections import (
    Told,
    add_evidence,
    drop_typed,
    keep_typed,
    save_section,
)

__all__ = [
    "LONGEST_REASON", "LONGEST_TEXT", "Found", "Statement", "Told", "accept_check",
    "add_evidence", "ask_check", "comment", "conclude_check", "decline_check", "drop_typed",
    "end_indicator", "enter_indicator", "give_back", "hand_in", "keep", "keep_typed", "publish",
    "record_findings", "save_section", "take_back_check", "withdraw",
]

"""What a DOE does, and what others do to its records: one function for each act."""

from projects.doe.actions.accreditation import accredit, relinquish_accreditation
from projects.doe.actions.components import (
    ask_component_renewal,
    include_component,
    renew_component,
    return_component,
    submit_component,
)
from projects.doe.actions.debts import close_repaid, open_debt, propose_repayment
from projects.doe.actions.engagement import (
    accept_engagement,
    decline_engagement,
    end_engagement,
    end_validation,
    offer_engagement,
)
from projects.doe.actions.findings import (
    answer_finding,
    ask_again,
    close_finding,
    forward_finding,
    raise_finding,
)
from projects.doe.actions.observing import check_records, explain_check
from projects.doe.actions.proceedings import (
    answer_proceeding,
    ask_accreditation,
    decide_proceeding,
    prepare_proceeding,
    propose_proceeding,
)
from projects.doe.actions.recomputation import recompute, recompute_step, take_run
from projects.doe.actions.revisions import (
    accept_revision,
    give_revision_opinion,
    offer_revision,
    return_revision,
)
from projects.doe.actions.validation import (
    comment,
    give_opinion,
    publish_design,
    respond_to_comment,
    terminate_validation,
)
from projects.doe.actions.verification import (
    certify,
    conclude_negative,
    open_verification,
    request_recompute,
)

__all__ = [
    "accept_engagement",
    "accept_revision",
    "accredit",
    "answer_finding",
    "answer_proceeding",
    "ask_accreditation",
    "ask_again",
    "ask_component_renewal",
    "certify",
    "check_records",
    "close_finding",
    "close_repaid",
    "comment",
    "conclude_negative",
    "decide_proceeding",
    "decline_engagement",
    "end_engagement",
    "end_validation",
    "explain_check",
    "forward_finding",
    "give_opinion",
    "give_revision_opinion",
    "include_component",
    "offer_engagement",
    "offer_revision",
    "open_debt",
    "open_verification",
    "prepare_proceeding",
    "propose_proceeding",
    "propose_repayment",
    "publish_design",
    "raise_finding",
    "recompute",
    "recompute_step",
    "relinquish_accreditation",
    "renew_component",
    "request_recompute",
    "respond_to_comment",
    "return_component",
    "return_revision",
    "submit_component",
    "take_run",
    "terminate_validation",
]

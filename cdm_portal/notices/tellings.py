"""Which act is told to whom, about which topic and in which words: one line for each verb.

Votes, objections and assessments are told to nobody while they are secret (domain, 4). Who acts is
not told of the own act.
"""

from dataclasses import dataclass
from enum import Enum, auto

from cdm_portal.notices.models import Topic


class Audience(Enum):
    """Who is told, as the case names them."""

    PARTICIPANTS = auto()  # of the project
    HOST = auto()  # the host Party's DNA
    PARTIES = auto()  # the DNAs of the Parties involved
    AUTHORITY = auto()  # the DNA whom the letter is asked of
    AUDITOR = auto()  # the DOE that validates, or verifies the period
    SPEAKERS = auto()  # the focal points of the statement
    ENTITY = auto()  # the DOE that the record itself is about
    BOARD = auto()
    SECRETARIAT = auto()
    EXPERTS = auto()
    REGISTRY = auto()
    HOLDER = auto()  # the participant that asks for an account, or holds it
    SELLER = auto()  # the participant to whom money is sent


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one verb."""

    topic: Topic
    to: frozenset[Audience]
    words: str


def _told(topic: Topic, words: str, *to: Audience) -> Telling:
    return Telling(topic, frozenset(to), words)


A, T = Audience, Topic

TELLINGS: dict[str, Telling] = {
    # Stage 2
    "dna.request_letter": _told(T.LETTERS, "A letter of approval is asked for", A.AUTHORITY),
    "dna.ask_question": _told(T.LETTERS, "The authority has a question", A.PARTICIPANTS),
    "dna.answer_question": _told(T.LETTERS, "A question is answered", A.AUTHORITY),
    "dna.issue_letter": _told(
        T.LETTERS, "The letter of approval is issued", A.PARTICIPANTS, A.AUDITOR
    ),
    "dna.refuse_letter": _told(T.LETTERS, "The letter of approval is refused", A.PARTICIPANTS),
    "dna.withdraw_letter": _told(
        T.LETTERS, "The letter of approval is withdrawn", A.PARTICIPANTS, A.AUDITOR, A.SECRETARIAT
    ),
    "dna.authorise_added": _told(
        T.LETTERS, "An entity that joins is authorised", A.PARTICIPANTS, A.SECRETARIAT
    ),
    # Who speaks for a project
    "participant.propose_statement": _told(
        T.SPEAKING, "Modalities of communication are proposed", A.PARTICIPANTS, A.SPEAKERS
    ),
    "participant.sign_statement": _told(
        T.SPEAKING, "Modalities of communication are signed", A.PARTICIPANTS, A.SPEAKERS
    ),
    "participant.withdraw_statement": _told(
        T.SPEAKING, "A proposal of modalities of communication is withdrawn", A.PARTICIPANTS
    ),
    "board.process_change": _told(
        T.SPEAKING, "A change of participants or focal points is in force", A.PARTICIPANTS,
        A.SPEAKERS,
    ),
    "board.return_change": _told(
        T.SPEAKING, "A change of participants or focal points is returned", A.PARTICIPANTS,
        A.SPEAKERS,
    ),
    "participant.request_forwarding": _told(
        T.SPEAKING, "Forwarding of CERs is asked for", A.PARTICIPANTS, A.SPEAKERS, A.REGISTRY
    ),
    "participant.sign_forwarding": _told(
        T.SPEAKING, "Forwarding of CERs is signed", A.PARTICIPANTS, A.SPEAKERS, A.REGISTRY
    ),
    "participant.withdraw_forwarding": _told(
        T.SPEAKING, "Forwarding of CERs is no longer asked for", A.PARTICIPANTS, A.SPEAKERS
    ),
    # Prior consideration, and how a project ends
    "participant.notify_prior_consideration": _told(
        T.REQUESTS, "Prior consideration is notified", A.HOST, A.SECRETARIAT
    ),
    "participant.publish_prior_notice": _told(
        T.REQUESTS, "The notice of prior consideration is published", A.PARTICIPANTS, A.HOST
    ),
    "board.ask_withdrawal": _told(
        T.REQUESTS, "The participants ask the DOE to withdraw the project", A.AUDITOR
    ),
    "board.take_back_withdrawal": _told(
        T.REQUESTS, "The withdrawal is no longer asked for", A.AUDITOR
    ),
    "board.file_withdrawal": _told(
        T.REQUESTS, "The project is withdrawn", A.PARTICIPANTS, A.HOST, A.SECRETARIAT
    ),
    "board.ask_deregistration": _told(
        T.REQUESTS, "Deregistration is asked for", A.BOARD, A.SECRETARIAT, A.PARTIES
    ),
    "board.decide_deregistration": _told(
        T.REQUESTS, "A deregistration is decided", A.PARTICIPANTS, A.PARTIES, A.REGISTRY
    ),
    "board.take_up_again": _told(
        T.REQUESTS, "A rejected project is taken up again", A.HOST, A.SECRETARIAT
    ),
    # Renewal and post-registration changes
    "doe.offer_revision": _told(
        T.AUDITS, "You are asked to validate a renewal or a change", A.ENTITY
    ),
    "doe.accept_revision": _told(
        T.AUDITS, "The DOE answered about the renewal or change", A.PARTICIPANTS
    ),
    "doe.give_revision_opinion": _told(
        T.AUDITS, "The DOE gave its opinion on the renewal or change", A.PARTICIPANTS
    ),
    "board.request_revision": _told(
        T.REQUESTS, "A renewal or change is requested", A.SECRETARIAT, A.PARTICIPANTS
    ),
    "board.renew": _told(
        T.REQUESTS, "The crediting period is renewed", A.PARTICIPANTS, A.ENTITY, A.PARTIES
    ),
    "board.approve_change": _told(
        T.REQUESTS, "A change is approved", A.PARTICIPANTS, A.ENTITY, A.PARTIES
    ),
    # Components of programmes
    "doe.submit_component": _told(T.AUDITS, "A component is submitted to you", A.ENTITY),
    "doe.return_component": _told(T.AUDITS, "A component is returned", A.PARTICIPANTS),
    "doe.include_component": _told(
        T.AUDITS, "A component is included", A.PARTICIPANTS, A.SECRETARIAT
    ),
    "doe.ask_component_renewal": _told(T.AUDITS, "You are asked to renew a component", A.ENTITY),
    "doe.renew_component": _told(T.AUDITS, "A component is renewed", A.PARTICIPANTS),
    "board.move_exclusion": _told(
        T.REQUESTS, "A member of the Board moves to exclude a component", A.SECRETARIAT
    ),
    "board.propose_exclusion": _told(
        T.REQUESTS, "The exclusion of a component is proposed", A.BOARD, A.ENTITY, A.PARTICIPANTS
    ),
    "board.decide_exclusion": _told(
        T.REQUESTS, "The exclusion of a component is decided", A.ENTITY, A.PARTICIPANTS
    ),
    # Stages 3 and 6
    "doe.offer_engagement": _told(T.AUDITS, "You are asked to audit", A.ENTITY),
    "doe.accept_engagement": _told(T.AUDITS, "The DOE accepted the engagement", A.PARTICIPANTS),
    "doe.decline_engagement": _told(T.AUDITS, "The DOE declined the engagement", A.PARTICIPANTS),
    "doe.publish_design": _told(
        T.AUDITS, "The design document is published for comments", A.PARTICIPANTS, A.HOST
    ),
    "doe.comment": _told(T.AUDITS, "A public comment was made", A.PARTICIPANTS, A.AUDITOR),
    "doe.raise_finding": _told(T.AUDITS, "A finding is raised", A.PARTICIPANTS),
    "doe.ask_again": _told(T.AUDITS, "An answer to a finding does not suffice", A.PARTICIPANTS),
    "doe.answer_finding": _told(T.AUDITS, "A finding is answered", A.AUDITOR),
    "doe.close_finding": _told(T.AUDITS, "A finding is closed", A.PARTICIPANTS),
    "doe.forward_finding": _told(
        T.AUDITS, "A finding is kept for the next verification", A.PARTICIPANTS
    ),
    "doe.give_opinion": _told(T.AUDITS, "The DOE gave its opinion", A.PARTICIPANTS, A.HOST),
    "doe.terminate_validation": _told(T.AUDITS, "The validation is ended", A.PARTICIPANTS, A.HOST),
    "doe.replace_validation": _told(
        T.AUDITS, "Another DOE takes the validation over", A.PARTICIPANTS, A.HOST
    ),
    "participant.report_monitoring": _told(T.AUDITS, "A monitoring report is handed in", A.AUDITOR),
    "doe.open_verification": _told(T.AUDITS, "The verification has begun", A.PARTICIPANTS),
    "doe.finish_recompute": _told(T.AUDITS, "The recalculation is done", A.AUDITOR),
    "doe.fail_recompute": _told(T.AUDITS, "The recalculation failed", A.AUDITOR),
    "doe.certify": _told(T.AUDITS, "The reductions are certified", A.PARTICIPANTS),
    "doe.conclude_negative": _told(
        T.AUDITS, "The reductions cannot be verified", A.PARTICIPANTS
    ),
    # Stage 8
    "offsets.ask_consent": _told(T.SPEAKING, "You are asked to consent to an offer", A.SPEAKERS),
    "offsets.give_consent": _told(
        T.SPEAKING, "A focal point consents to an offer", A.PARTICIPANTS
    ),
    "offsets.refuse_consent": _told(
        T.SPEAKING, "A focal point refuses an offer", A.PARTICIPANTS
    ),
    "offsets.confirm_payout": _told(
        T.MONEY, "The money for your sales was sent to you", A.SELLER
    ),
    # Accreditation
    "doe.ask_accreditation": _told(
        T.ACCREDITATION, "A DOE asks about its accreditation", A.SECRETARIAT
    ),
    "doe.prepare_proceeding": _told(
        T.ACCREDITATION, "A proceeding waits for the Board", A.BOARD, A.ENTITY
    ),
    "doe.propose_proceeding": _told(
        T.ACCREDITATION, "A measure about an accreditation is proposed", A.BOARD, A.ENTITY
    ),
    "doe.answer_proceeding": _told(
        T.ACCREDITATION, "The DOE answered in its hearing", A.BOARD, A.SECRETARIAT
    ),
    "doe.decide_proceeding": _told(
        T.ACCREDITATION, "An accreditation is decided", A.ENTITY, A.SECRETARIAT
    ),
    "doe.open_debt": _told(
        T.ACCREDITATION, "A DOE owes CERs and has to cancel them", A.ENTITY, A.REGISTRY,
        A.SECRETARIAT,
    ),
    "doe.propose_repayment": _told(
        T.ACCREDITATION, "CERs are proposed for cancellation for a debt", A.ENTITY, A.REGISTRY
    ),
    "doe.repay_debt": _told(
        T.ACCREDITATION, "A DOE's debt in CERs is repaid", A.ENTITY, A.BOARD, A.SECRETARIAT
    ),
    "board.open_inquiry": _told(
        T.ACCREDITATION, "An inquiry into an issuance: the DOE may answer, then the Board decides",
        A.BOARD, A.ENTITY,
    ),
    "board.answer_inquiry": _told(
        T.ACCREDITATION, "The DOE answered in an inquiry into an issuance", A.BOARD, A.SECRETARIAT
    ),
    "board.decide_inquiry": _told(
        T.ACCREDITATION, "An inquiry into an issuance is decided", A.ENTITY, A.PARTICIPANTS,
        A.SECRETARIAT,
    ),
    # Stages 4 and 7
    "board.request_registration": _told(
        T.REQUESTS, "Registration is requested", A.SECRETARIAT, A.PARTICIPANTS
    ),
    "board.request_issuance": _told(
        T.REQUESTS, "Issuance is requested", A.SECRETARIAT, A.PARTICIPANTS
    ),
    "board.resubmit": _told(
        T.REQUESTS, "A request is handed in again", A.SECRETARIAT, A.PARTICIPANTS
    ),
    "board.withdraw_request": _told(
        T.REQUESTS, "A request is withdrawn", A.SECRETARIAT, A.PARTICIPANTS, A.BOARD
    ),
    "board.return_incomplete": _told(
        T.REQUESTS, "A request is returned as incomplete", A.ENTITY, A.PARTICIPANTS
    ),
    "board.return_unpaid": _told(
        T.REQUESTS, "A request is returned: its fee was not paid in time", A.ENTITY, A.PARTICIPANTS
    ),
    "board.prove_payment": _told(T.MONEY, "Proof of a payment is given", A.SECRETARIAT),
    "board.publish": _told(
        T.REQUESTS, "A request is published: the review window is open",
        A.BOARD, A.PARTIES, A.ENTITY, A.PARTICIPANTS,
    ),
    "board.request_review": _told(
        T.REQUESTS, "A review is requested", A.PARTICIPANTS, A.ENTITY, A.SECRETARIAT, A.BOARD
    ),
    "board.open_review": _told(
        T.REQUESTS, "A review is open", A.PARTICIPANTS, A.ENTITY, A.EXPERTS, A.BOARD
    ),
    "board.reply": _told(
        T.REQUESTS, "A reply to the review is published", A.PARTICIPANTS, A.ENTITY, A.BOARD,
        A.SECRETARIAT,
    ),
    "board.cancel_meeting": _told(
        T.REQUESTS, "A meeting of the Board is cancelled", A.BOARD, A.EXPERTS
    ),
    "board.conclude_assessments": _told(T.REQUESTS, "A request is assessed", A.BOARD),
    "board.propose": _told(T.REQUESTS, "A decision is proposed", A.BOARD),
    "board.rule": _told(
        T.REQUESTS, "The Board ruled", A.PARTICIPANTS, A.ENTITY, A.PARTIES, A.SECRETARIAT
    ),
    "board.return_corrections": _told(T.REQUESTS, "Corrections are returned", A.ENTITY),
    "board.accept_corrections": _told(
        T.REQUESTS, "Corrections are accepted", A.ENTITY, A.PARTICIPANTS
    ),
    "board.register": _told(
        T.REQUESTS, "The project is registered", A.PARTICIPANTS, A.ENTITY, A.PARTIES
    ),
    "board.reject": _told(
        T.REQUESTS, "The request is rejected", A.PARTICIPANTS, A.ENTITY, A.PARTIES
    ),
    "board.grant_issuance": _told(
        T.REQUESTS, "Issuance is granted", A.PARTICIPANTS, A.ENTITY, A.BOARD
    ),
    "board.lapse_request": _told(T.REQUESTS, "A request has lapsed", A.PARTICIPANTS, A.ENTITY),
    "board.instruct_issuance": _told(
        T.REQUESTS, "The registry is instructed to issue", A.PARTICIPANTS, A.REGISTRY
    ),
    "board.record_issuance": _told(T.REQUESTS, "CERs are issued", A.PARTICIPANTS, A.PARTIES),
    # Holding accounts
    "registry.request_account": _told(
        T.ACCOUNTS, "A holding account is asked for", A.HOLDER, A.REGISTRY
    ),
    "registry.withdraw_account_request": _told(
        T.ACCOUNTS, "A holding account is no longer asked for", A.HOLDER, A.REGISTRY
    ),
    "registry.take_up_account_request": _told(
        T.ACCOUNTS, "The registry looks at the evidence for a holding account", A.HOLDER
    ),
    "registry.add_evidence": _told(
        T.ACCOUNTS, "A file is added to the evidence for a holding account", A.REGISTRY
    ),
    "registry.answer_evidence": _told(
        T.ACCOUNTS, "A question about the evidence is answered", A.REGISTRY
    ),
    "registry.mark_evidence": _told(
        T.ACCOUNTS, "The registry marked an item of the evidence", A.HOLDER
    ),
    "registry.conclude_evidence": _told(
        T.ACCOUNTS, "A holding account waits for its second person", A.HOLDER, A.REGISTRY
    ),
    "registry.refuse_account_request": _told(
        T.ACCOUNTS, "A holding account is refused", A.HOLDER, A.REGISTRY
    ),
    "registry.open_requested_account": _told(
        T.ACCOUNTS, "The holding account is open", A.HOLDER, A.REGISTRY
    ),
    "registry.restrict_account": _told(
        T.ACCOUNTS, "A holding account is restricted or suspended", A.HOLDER, A.REGISTRY
    ),
    "registry.lift": _told(
        T.ACCOUNTS, "What restricted a holding account is lifted", A.HOLDER, A.REGISTRY
    ),
    "registry.ask_closure": _told(
        T.ACCOUNTS, "The closure of a holding account is asked for", A.HOLDER, A.REGISTRY
    ),
    "registry.withdraw_closure": _told(
        T.ACCOUNTS, "The closure of a holding account is taken back", A.HOLDER, A.REGISTRY
    ),
    "registry.close_account": _told(
        T.ACCOUNTS, "A holding account is closed", A.HOLDER, A.REGISTRY
    ),
    # Money
    "board.record_payment": _told(
        T.MONEY, "A payment waits for its second person", A.SECRETARIAT
    ),
    "board.confirm_payment": _told(T.MONEY, "A payment is confirmed", A.PARTICIPANTS),
    "board.set_payment_aside": _told(T.MONEY, "A payment is set aside", A.SECRETARIAT),
    # Co-benefits
    "cobenefits.submit": _told(
        T.REQUESTS, "A co-benefit report waits to be published", A.SECRETARIAT
    ),
    "cobenefits.return": _told(
        T.REQUESTS, "The co-benefit report is sent back to you", A.PARTICIPANTS
    ),
    "cobenefits.publish": _told(
        T.REQUESTS, "The co-benefit report is published", A.PARTICIPANTS, A.HOST
    ),
    "cobenefits.publish_amended": _told(
        T.REQUESTS, "The amended co-benefit report is published", A.PARTICIPANTS, A.HOST
    ),
    "cobenefits.withdraw": _told(
        T.REQUESTS, "The co-benefit report is withdrawn", A.PARTICIPANTS, A.HOST, A.SECRETARIAT
    ),
    "cobenefits.ask_check": _told(
        T.REQUESTS, "You are asked to check a co-benefit report", A.ENTITY
    ),
    "cobenefits.take_back_check": _told(
        T.REQUESTS, "A check of a co-benefit report is no longer asked for", A.ENTITY
    ),
    "cobenefits.end_check": _told(
        T.REQUESTS, "A check of a co-benefit report has ended with its version", A.ENTITY,
        A.PARTICIPANTS,
    ),
    "cobenefits.accept_check": _told(
        T.REQUESTS, "The DOE checks the co-benefit report", A.PARTICIPANTS
    ),
    "cobenefits.decline_check": _told(
        T.REQUESTS, "The DOE declines to check the co-benefit report", A.PARTICIPANTS
    ),
    "cobenefits.publish_check": _told(
        T.REQUESTS, "The DOE's statement on the co-benefit report is published", A.PARTICIPANTS,
        A.HOST,
    ),
    "cobenefits.comment": _told(
        T.REQUESTS, "The host Party comments on the co-benefit report", A.PARTICIPANTS
    ),
    # Rules
    "rulebook.propose_change": _told(
        T.RULES, "A change of a rule parameter is proposed", A.SECRETARIAT, A.BOARD
    ),
    "rulebook.approve_change": _told(
        T.RULES, "A change of a rule parameter is approved", A.SECRETARIAT, A.BOARD
    ),
    "rulebook.reject_change": _told(
        T.RULES, "A change of a rule parameter is turned down", A.SECRETARIAT, A.BOARD
    ),
    "rulebook.propose_reference": _told(
        T.RULES, "An entry of the reference data is proposed", A.SECRETARIAT, A.BOARD
    ),
    "rulebook.approve_reference": _told(
        T.RULES, "An entry of the reference data is approved", A.SECRETARIAT, A.BOARD
    ),
    "rulebook.reject_reference": _told(
        T.RULES, "An entry of the reference data is turned down", A.SECRETARIAT, A.BOARD
    ),
}
